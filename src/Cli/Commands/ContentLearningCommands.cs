using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content engagement import|analyse|score|optimise</c>: results in, what they teach out.</summary>
internal static class ContentLearningCommands
{
    private static readonly Argument<FileInfo> Csv = new("file") { Description = "CSV of events (event_id,post_id,kind,count,at) or of published posts (id,platform,text,published_at,impressions,likes,...)." };
    private static readonly Option<bool> Simulated = new("--simulated") { Description = "Simulated results instead of real ones; the two are never mixed." };
    private static readonly Option<string> Platform = new("--platform") { Description = "Platform, such as x or linkedin.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Campaign = new("--campaign") { Description = "Only this campaign.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Text = new("--text") { Description = "The text; '-' reads standard input.", Required = true };
    private static readonly Option<string> Slot = new("--slot") { Description = "When it goes out, ISO 8601 with offset.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Theme = new("--theme") { Description = "Theme.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Quiet = new("--quiet-hours") { Description = "Hours the slot must avoid, such as 22:00-07:00.", DefaultValueFactory = static _ => "" };

    public static IEnumerable<Command> Create() =>
    [
        new Command("engagement", "What happened to published posts.")
        {
            CommandRun.Bind(new Command("import", "Counts a CSV file of results; the same file again changes nothing.") { Csv, Simulated }, ImportAsync),
        },
        CommandRun.Bind(new Command("analyse", "What performed, per platform, slot, theme, format and feature, with evidence.") { Platform, Campaign, Simulated }, AnalyseAsync),
        CommandRun.Bind(new Command("score", "Where a text would rank among the account's own posts.") { Platform, Text, Slot, Theme, Simulated }, ScoreAsync),
        CommandRun.Bind(new Command("optimise", "Applies what performed to a text and says what it changed.") { Platform, Text, Slot, Theme, Quiet, Simulated }, OptimiseAsync),
    ];

    private static async Task<int> ImportAsync(CommandRun run, CancellationToken token)
    {
        var csv = run.Get(Csv)!;
        if (!csv.Exists)
            throw new CommandException(ExitCodes.WrongUsage, $"'{csv}' does not exist.");
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var done = await EngagementUpload.SendAsync(new Content.ContentClient(session.Invoker), csv.FullName, run.Get(Simulated), token);
        if (run.Json)
            CommandRun.Print(done);
        else
            run.Answer.WriteLine(done.ToString()!);
        return ExitCodes.Success;
    }

    private static async Task<int> AnalyseAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var reply = await new Content.ContentClient(session.Invoker).AnalyseAsync(
            new AnalyseRequest { Platform = run.Get(Platform), CampaignId = run.Get(Campaign), Simulated = run.Get(Simulated) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(reply);
        else
            Show(run, reply);
        return ExitCodes.Success;
    }

    private static async Task<int> ScoreAsync(CommandRun run, CancellationToken token)
    {
        var request = new ScoreContentRequest { Platform = Named(run), Text = await ContentCommand.ReadAsync(run.Get(Text)!, token), Slot = run.Get(Slot), Theme = run.Get(Theme), Simulated = run.Get(Simulated) };
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var score = await new Content.ContentClient(session.Invoker).ScoreContentAsync(request, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(score);
        else
            run.Answer.MarkupLineInterpolated($"{Line(score)} {string.Join("; ", score.Drivers.Select(d => d.Text))} [grey]{score.Note}[/]");
        return ExitCodes.Success;
    }

    private static async Task<int> OptimiseAsync(CommandRun run, CancellationToken token)
    {
        var request = new OptimiseRequest
        {
            Platform = Named(run),
            Text = await ContentCommand.ReadAsync(run.Get(Text)!, token),
            Slot = run.Get(Slot),
            Theme = run.Get(Theme),
            QuietHours = run.Get(Quiet),
            Simulated = run.Get(Simulated),
        };
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var reply = await new Content.ContentClient(session.Invoker).OptimiseAsync(request, cancellationToken: token);
        if (run.Json)
        {
            CommandRun.Print(reply);
            return ExitCodes.Success;
        }

        run.Answer.WriteLine(reply.Text);
        if (reply.Slot.Length > 0)
            run.Answer.MarkupLineInterpolated($"slot   {reply.Slot}");
        foreach (var change in reply.Changes)
            run.Answer.MarkupLineInterpolated($"changed {change.What}: {change.Reason}");
        foreach (var hint in reply.Hints)
            run.Answer.MarkupLineInterpolated($"hint   {hint}");
        run.Answer.MarkupLineInterpolated($"score  {Line(reply.Before)} -> {Line(reply.After)} [grey]{reply.After.Note}[/]");
        return ExitCodes.Success;
    }

    private static void Show(CommandRun run, AnalyseReply reply)
    {
        foreach (var platform in reply.Platforms)
        {
            run.Answer.MarkupLineInterpolated(platform.Problem.Length > 0
                ? (FormattableString)$"[bold]{platform.Platform}[/] {platform.Problem}"
                : $"[bold]{platform.Platform}[/] {platform.Posts} posts, median rate {platform.MedianRate:P2}; foretells held-out posts with Spearman {platform.Spearman:F2}, 80% interval holds {platform.Coverage:P0}");
        }

        if (reply.Platforms.Count == 0)
            run.Answer.WriteLine("No results yet: 'platform content engagement import FILE.csv' brings them in.");
        foreach (var text in reply.Recommendations)
            run.Answer.MarkupLineInterpolated($"- {text}");
    }

    private static string Line(ContentScore score) => score.Basis == "history" ? $"{score.Score:F0} of 100 (80%: {score.Low:F0} to {score.High:F0})" : $"{score.Score:F0} of 100 by form only";

    private static string Named(CommandRun run) => run.Get(Platform) is { Length: > 0 } platform ? platform : throw new CommandException(ExitCodes.WrongUsage, "--platform is missing.");
}
