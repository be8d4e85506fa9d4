using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary>Housekeeping of the memory: <c>projects</c>, <c>stats</c>, <c>forget</c>, <c>check</c>, <c>repair</c>, <c>share</c>, <c>recommend</c>.</summary>
internal static class MemoryCommands
{
    private static readonly Option<string> Project = new("--project") { Description = "Project.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Path = new("--path") { Description = "Only this path of the project.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Pattern = new("--pattern") { Description = "One pattern by its id.", DefaultValueFactory = static _ => "" };
    private static readonly Argument<string> Task = new("task") { Description = "The task." };
    private static readonly Option<string> Language = new("--language") { Description = "Language.", DefaultValueFactory = static _ => "" };
    private static readonly Option<int> Top = new("--top", "-n") { Description = "Most results.", DefaultValueFactory = static _ => 5 };

    private static readonly Option<int> Days = new("--days") { Description = "Days back, today included.", DefaultValueFactory = static _ => 30 };
    private static readonly Argument<string> Named = new("project") { Description = "Project." };
    private static readonly Option<bool> Off = new("--off") { Description = "Share it no more." };
    private static readonly Option<string?> Licence = new("--licence") { Description = "Licence, shown with every pattern of the project." };

    public static IEnumerable<Command> Create() =>
    [
        CommandRun.Bind(new Command("projects", "Lists the indexed code bases."), ProjectsAsync),
        CommandRun.Bind(new Command("stats", "Shows figures of the memory: size, reuse, hits, lift, top and failing patterns, growth.") { Project, Days, Top }, StatsAsync),
        CommandRun.Bind(new Command("forget", "Removes a project, a path or a pattern for good.") { Project, Path, Pattern }, ForgetAsync),
        CommandRun.Bind(new Command("check", "Verifies the store."), (run, token) => CheckAsync(run, false, token)),
        CommandRun.Bind(new Command("repair", "Verifies the store and rebuilds what is derived."), (run, token) => CheckAsync(run, true, token)),
        CommandRun.Bind(new Command("share", "Lets other projects and the team be shown the patterns of a project, or no more.") { Named, Off, Licence }, ShareAsync),
        CommandRun.Bind(new Command("recommend", "Finds patterns of other, shared projects, with notes on what to adapt.") { Task, Project, Language, Top }, RecommendAsync),
    ];

    private static async Task<int> ProjectsAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenToReadAsync(run, token);
        var projects = (await memory.ProjectsAsync(token)).Projects;
        if (run.Json)
        {
            CommandRun.Print(new { projects = projects.Select(p => new { p.Name, p.Files, p.Patterns, p.IndexedMs, p.Shared, p.Licence, p.Simulated }) });
            return ExitCodes.Success;
        }

        foreach (var project in projects)
            run.Answer.MarkupLineInterpolated($"[bold]{project.Name}[/]  {project.Patterns:N0} patterns, {project.Files:N0} files{(project.Shared ? ", shared" : "")}{(project.Simulated ? ", simulated" : "")}");
        if (projects.Count == 0)
            run.Say("No project yet. Start with: platform index PATH --project NAME");
        return ExitCodes.Success;
    }

    private static async Task<int> StatsAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenToReadAsync(run, token);
        var stats = await memory.StatsAsync(run.Get(Project)!, token);
        var analytics = await memory.AnalyticsAsync(new GetAnalyticsRequest { Project = run.Get(Project), Days = run.Get(Days), Top = run.Get(Top) }, token);
        var rows = new Dictionary<string, object?>
        {
            ["patterns"] = stats.Patterns,
            ["learned"] = stats.Learned,
            ["fixes"] = stats.Fixes,
            ["projects"] = stats.Projects,
            ["bytes"] = stats.Bytes,
            ["embedder"] = stats.Embedder,
            ["index"] = stats.Index,
            ["recalls"] = stats.Recalls,
            ["hits"] = stats.Hits,
            ["with_patterns"] = stats.WithPatterns,
            ["with_patterns_succeeded"] = stats.WithPatternsSucceeded,
            ["without_patterns"] = stats.WithoutPatterns,
            ["without_patterns_succeeded"] = stats.WithoutPatternsSucceeded,
            ["simulated_jobs"] = stats.SimulatedJobs,
            ["evicted"] = stats.Evicted,
        };
        if (run.Json)
        {
            AnalyticsView.AddTo(rows, analytics);
            CommandRun.Print(rows);
            return ExitCodes.Success;
        }

        foreach (var (name, value) in rows)
            run.Answer.MarkupLineInterpolated($"{name,-28} {value}");
        AnalyticsView.Show(run, analytics);
        return ExitCodes.Success;
    }

    private static async Task<int> ShareAsync(CommandRun run, CancellationToken token)
    {
        var request = new SetProjectRequest { Project = run.Get(Named), Shared = !run.Get(Off) };
        if (run.Get(Licence) is { } licence)
            request.Licence = licence;
        await using var memory = await Memory.OpenAsync(run, token);
        var project = await memory.SetProjectAsync(request, token);
        if (run.Json)
            CommandRun.Print(new { project = project.Name, project.Shared, project.Licence });
        else
            run.Answer.MarkupLineInterpolated($"{project.Name} is {(project.Shared ? "shared" : "not shared")}; licence {(project.Licence.Length > 0 ? project.Licence : "not stated")}.");
        return ExitCodes.Success;
    }

    private static async Task<int> ForgetAsync(CommandRun run, CancellationToken token)
    {
        var request = new ForgetRequest { Project = run.Get(Project)!, Path = run.Get(Path)!, PatternId = run.Get(Pattern)! };
        if (request.Project.Length == 0 == (request.PatternId.Length == 0))
            throw new CommandException(ExitCodes.WrongUsage, "Give --project NAME (with --path PATH for a part of it), or --pattern ID.");
        await using var memory = await Memory.OpenAsync(run, token);
        var reply = await memory.ForgetAsync(request, token);
        if (run.Json)
            CommandRun.Print(new { reply.Removed });
        else
            run.Answer.MarkupLineInterpolated($"{reply.Removed:N0} patterns removed.");
        return ExitCodes.Success;
    }

    private static async Task<int> CheckAsync(CommandRun run, bool repair, CancellationToken token)
    {
        await using var memory = repair ? await Memory.OpenAsync(run, token) : await Memory.OpenToReadAsync(run, token);
        var reply = await memory.CheckAsync(repair, token);
        if (run.Json)
            CommandRun.Print(new { reply.Ok, problems = reply.Problems });
        else
            run.Answer.MarkupLineInterpolated($"{(reply.Ok ? "All is well." : "Problems were found.")} {string.Join(' ', reply.Problems)}");
        return reply.Ok ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> RecommendAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenToReadAsync(run, token);
        var reply = await memory.RecommendAsync(new RecommendRequest { Task = run.Get(Task), Project = run.Get(Project), Language = run.Get(Language), Top = run.Get(Top) }, token);
        if (run.Json)
            CommandRun.Print(new { task = run.Get(Task), results = reply.Results.Select(hit => new { hit.Id, hit.Score, hit.Project, hit.Path, hit.StartLine, hit.EndLine, hit.Language, hit.Kind, hit.Successes, hit.Failures, notes = hit.Notes }) });
        else
            foreach (var hit in reply.Results)
                run.Answer.MarkupLineInterpolated($"[bold]{hit.Project}/{hit.Path}:{hit.StartLine}[/] {hit.Name} [grey]score {hit.Score:F4}[/] {string.Join("; ", hit.Notes)}");
        return ExitCodes.Success;
    }
}
