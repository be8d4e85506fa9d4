using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary>What the memory learned and how to mend it: <c>why</c>, <c>ban</c>, <c>correct</c>, <c>sync</c>.</summary>
internal static class LearningCommands
{
    private static readonly Argument<string> Job = new("job") { Description = "Id of the job." };
    private static readonly Argument<string> Pattern = new("pattern") { Description = "Id of the pattern; 'why' and 'query' show it." };
    private static readonly Argument<string> Target = new("pattern") { Description = "Id of the pattern or fix; 'why' and 'query' show it." };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; kept with the ban.", DefaultValueFactory = static _ => "" };
    private static readonly Option<bool> Undo = new("--undo") { Description = "Lift the ban, and take a correction back." };
    private static readonly Option<FileInfo> File = new("--file") { Description = "The corrected text.", Required = true };

    private static readonly Option<bool> PushOnly = new("--push-only") { Description = "Only send." };
    private static readonly Option<bool> PullOnly = new("--pull-only") { Description = "Only receive." };

    public static IEnumerable<Command> Create() =>
    [
        CommandRun.Bind(new Command("why", "Shows which patterns and fixes shaped a result, with origin, licence and credit.") { Job }, WhyAsync),
        CommandRun.Bind(new Command("ban", "Bans a pattern or a fix from search, prompts and replay, at once.") { Target, Reason, Undo }, BanAsync),
        CommandRun.Bind(new Command("correct", "Bans a pattern and puts a corrected text in its place, at once.") { Pattern, File, Reason }, CorrectAsync),
        CommandRun.Bind(new Command("sync", "Exchanges the patterns of shared projects with the team server (Patterns:Team).") { PushOnly, PullOnly }, SyncAsync),
    ];

    private static async Task<int> WhyAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenToReadAsync(run, token);
        var why = await memory.WhyAsync(run.Get(Job)!, token);
        if (run.Json)
        {
            CommandRun.Print(new
            {
                job = why.JobId,
                why.Project,
                why.Succeeded,
                why.Withheld,
                why.LearnedAs,
                patterns = why.Patterns.Select(p => new { p.PatternId, p.Role, credit = Math.Round(p.Credit, 3), p.Project, p.Path, p.StartLine, p.EndLine, p.Name, p.Kind, p.Licence, p.Origin, p.MadeByJob, p.Successes, p.Failures, p.Banned, p.Gone, similarity = Math.Round(p.Similarity, 3) }),
                fixes = why.Fixes.Select(f => new { f.FixId, f.Signature, f.Before, f.After, f.Worked, f.Banned }),
            });
            return ExitCodes.Success;
        }

        foreach (var use in why.Patterns)
        {
            run.Answer.MarkupLineInterpolated($"[bold]{use.PatternId}[/] {use.Role}, credit {use.Credit:P0}{(use.Banned ? ", banned" : "")}{(use.Gone ? ", gone" : "")}");
            run.Answer.MarkupLineInterpolated($"  {use.Project}/{use.Path}:{use.StartLine} {use.Name} [grey]licence {Or(use.Licence, "not stated")}, from {Or(use.Origin, "this memory")}{(use.MadeByJob.Length > 0 ? $", made by job {use.MadeByJob}" : "")}{(use.Project != why.Project && !use.Gone ? $", project alike {use.Similarity:P0}" : "")}[/]");
        }

        foreach (var fix in why.Fixes)
            run.Answer.MarkupLineInterpolated($"[bold]{fix.FixId}[/] fix {(fix.Worked ? "worked" : "did not help")}: {fix.Signature}");
        if (why.Patterns.Count + why.Fixes.Count == 0)
            run.Answer.WriteLine(why.Withheld ? "Nothing: memory was withheld from this job, to measure what it is worth." : "Nothing: no pattern was in its prompt.");
        if (why.LearnedAs.Length > 0)
            run.Answer.MarkupLineInterpolated($"Learned as pattern [bold]{why.LearnedAs}[/].");
        return ExitCodes.Success;
    }

    private static async Task<int> BanAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await memory.BanAsync(new BanRequest { Id = run.Get(Target), Reason = run.Get(Reason), Undo = run.Get(Undo) }, token);
        if (run.Json)
            CommandRun.Print(new { pattern = reply.Id, reply.Banned, reply.Affected });
        else
            run.Answer.MarkupLineInterpolated($"{reply.Id} is {(reply.Banned ? $"banned, with {reply.Affected - 1:N0} of the same text" : "not banned any more")}.");
        return ExitCodes.Success;
    }

    private static async Task<int> CorrectAsync(CommandRun run, CancellationToken token)
    {
        var text = await InputFile.ReadTextAsync(run.Get(File)!.FullName, token);
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await memory.CorrectAsync(new CorrectRequest { PatternId = run.Get(Pattern), Text = text, Reason = run.Get(Reason) }, token);
        if (run.Json)
            CommandRun.Print(new { pattern = reply.PatternId, reply.CorrectedBy, reply.Replayed });
        else
            run.Answer.MarkupLineInterpolated($"{reply.PatternId} is banned; {reply.CorrectedBy} stands in its place{(reply.Replayed ? " and is replayed for the same request; its tests were not run" : "")}.");
        return ExitCodes.Success;
    }

    private static async Task<int> SyncAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await memory.SyncAsync(new SyncRequest { PushOnly = run.Get(PushOnly), PullOnly = run.Get(PullOnly) }, token);
        if (run.Json)
            CommandRun.Print(new { reply.Server, reply.Pushed, reply.PushSkipped, reply.Pulled, reply.PullSkipped, reply.Withdrawn, reply.Removed, reply.Banned, reply.Lifted, reply.BansKept, projects = reply.Projects });
        else
            run.Answer.MarkupLineInterpolated($"{reply.Server}: {reply.Pushed:N0} sent ({reply.PushSkipped:N0} known or refused there), {reply.Pulled:N0} received ({reply.PullSkipped:N0} known or refused here), {reply.Withdrawn:N0} taken back there, {reply.Removed:N0} removed here since they are gone there ({reply.Banned:N0} of them banned), {reply.Lifted:N0} bans lifted{(reply.BansKept > 0 ? $", {reply.BansKept:N0} kept that another store under this address had made" : "")}. Shared: {(reply.Projects.Count == 0 ? "nothing; share a project with: platform share PROJECT" : string.Join(", ", reply.Projects))}.");
        return ExitCodes.Success;
    }

    private static string Or(string text, string none) => text.Length > 0 ? text : none;
}
