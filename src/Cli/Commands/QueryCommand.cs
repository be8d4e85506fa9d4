using System.CommandLine;
using System.Diagnostics;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform query</c>: finds patterns by words and vectors.</summary>
internal static class QueryCommand
{
    private static readonly Argument<string?> Text = new("text") { Description = "What to look for.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<FileInfo?> Batch = new("--batch") { Description = "JSON lines {id,text}; one answer a line." };
    private static readonly Option<string> Project = new("--project") { Description = "Only this project.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Language = new("--language") { Description = "Only this language.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Kind = new("--kind") { Description = "Only this kind, such as method.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Tag = new("--tag") { Description = "Only with this tag.", DefaultValueFactory = static _ => "" };
    private static readonly Option<int> Top = new("--top", "-n") { Description = "Most results.", DefaultValueFactory = static _ => 10 };
    private static readonly Option<int> MinSuccesses = new("--min-successes") { Description = "Only patterns that helped at least so often." };
    private static readonly Option<bool> Explain = new("--explain") { Description = "Show the parts of each score." };

    public static Command Create() =>
        CommandRun.Bind(new Command("query", "Finds patterns by words and vectors.") { Text, Batch, Project, Language, Kind, Tag, Top, MinSuccesses, Explain }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        if (run.Get(Text) is null == run.Get(Batch) is null)
            throw new CommandException(ExitCodes.WrongUsage, "Give a text, or --batch FILE.jsonl, and not both.");
        await using var memory = await Memory.OpenToReadAsync(run, token);
        if (run.Get(Batch) is { } file)
        {
            await foreach (var (id, line) in JsonLines.ReadAsync(file.FullName, token))
                CommandRun.Print(await AskAsync(run, memory, line.Text("text"), id, token));
            return ExitCodes.Success;
        }

        if (run.Json)
            CommandRun.Print(await AskAsync(run, memory, run.Get(Text)!, null, token));
        else
            Show(run, await memory.SearchAsync(Request(run, run.Get(Text)!, withExcerpt: true), token));
        return ExitCodes.Success;
    }

    private static async Task<object> AskAsync(CommandRun run, Memory memory, string text, string? id, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        var reply = await memory.SearchAsync(Request(run, text, withExcerpt: id is null), token);
        if (reply.Notice.Length > 0)
            run.Say(reply.Notice);
        var ms = Math.Round(clock.Elapsed.TotalMilliseconds, 3);
        var results = reply.Results.Select(hit => ResultOf(run, hit));
        return id is null ? new { query = text, ms, results } : new { id, query = text, ms, results };
    }

    private static Dictionary<string, object?> ResultOf(CommandRun run, PatternHit hit)
    {
        var result = new Dictionary<string, object?>
        {
            ["id"] = hit.Id,
            ["score"] = hit.Score,
            ["project"] = hit.Project,
            ["path"] = hit.Path,
            ["start_line"] = hit.StartLine,
            ["end_line"] = hit.EndLine,
            ["language"] = hit.Language,
            ["kind"] = hit.Kind,
            ["successes"] = hit.Successes,
            ["failures"] = hit.Failures,
            ["name"] = hit.Name,
            ["licence"] = hit.Licence,
            ["origin"] = hit.Origin,
            ["tags"] = hit.Tags,
        };
        if (hit.TestsTrust.Length > 0)
            result["tests_trust"] = hit.TestsTrust;
        if (hit.ExcerptLine > 0)
            (result["excerpt"], result["excerpt_line"]) = (hit.Excerpt, hit.ExcerptLine);
        if (hit.Record.Length > 0)
            result["record"] = hit.Record;
        if (run.Get(Explain))
            result["parts"] = hit.Parts;
        return result;
    }

    private static SearchRequest Request(CommandRun run, string text, bool withExcerpt) => new()
    {
        Query = text,
        Project = run.Get(Project),
        Language = run.Get(Language),
        Kind = run.Get(Kind),
        Tag = run.Get(Tag),
        Top = run.Get(Top),
        MinSuccesses = run.Get(MinSuccesses),
        Explain = run.Get(Explain),
        WithExcerpt = withExcerpt,
    };

    private static void Show(CommandRun run, SearchReply reply)
    {
        if (reply.Notice.Length > 0)
            run.Say(reply.Notice);
        if (reply.Results.Count == 0)
            run.Say("Nothing found. Index a code base first: platform index PATH --project NAME");
        foreach (var hit in reply.Results)
        {
            run.Answer.MarkupLineInterpolated($"[bold]{hit.Path}:{hit.StartLine}[/] {hit.Name} [grey]{hit.Project}, {hit.Language} {hit.Kind}, score {hit.Score:F4}, +{hit.Successes} -{hit.Failures}[/]");
            run.Answer.MarkupLineInterpolated($"  [grey]id {hit.Id}, {(hit.Licence.Length > 0 ? $"licence {hit.Licence}" : "no licence stated")}{(hit.Origin.Length > 0 ? $", from {hit.Origin}" : "")}{(hit.TestsTrust.Length > 0 ? $", tests: {hit.TestsTrust}" : "")}[/]");
            foreach (var (offset, line) in hit.Excerpt.Split('\n').Index())
                run.Answer.MarkupLineInterpolated($"  [grey]{hit.ExcerptLine + offset,5}[/] {line}");
            if (run.Get(Explain))
                run.Answer.MarkupLineInterpolated($"    [grey]{string.Join(", ", hit.Parts.Select(part => $"{part.Key} {part.Value:F4}"))}[/]");
        }
    }
}
