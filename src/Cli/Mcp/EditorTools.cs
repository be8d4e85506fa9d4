using System.ComponentModel;
using System.Globalization;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Platform.Cli.Commands;
using Platform.Contracts;
using Platform.Maya;
using Platform.V1;
using Platform.Validation;
using SourceFile = Platform.Validation.SourceFile;

namespace Platform.Cli.Mcp;

/// <summary>
/// What an editor or agent may ask. The names carry the product's, so that they do not collide with other servers' tools. Everything but
/// <c>platform_generate</c> works without a host and without an engine; nothing writes a file of the editor's.
/// </summary>
internal sealed class EditorTools(CommandRun run)
{
    private const int MostFound = 20;
    private const int MostShown = 50;
    private const int MostCharacters = 1 << 20;
    private readonly ValidationPipeline _pipeline = new(new ValidationOptions { InferUsings = true });

    /// <summary>The tools, ready for a server.</summary>
    public McpServerPrimitiveCollection<McpServerTool> All() =>
    [
        Tool("platform_search", SearchAsync, readOnly: true),
        Tool("platform_validate", ValidateAsync, readOnly: true),
        Tool("platform_fix", FixAsync, readOnly: false),
        Tool("platform_check_post", CheckPost, readOnly: true),
        Tool("platform_generate", GenerateAsync, readOnly: false),
    ];

    [Description("Finds verified code in the pattern memory by meaning and by words. Gives path, lines, score and the code.")]
    private async Task<string> SearchAsync(
        [Description("What the code should do, or names in it.")] string query,
        [Description("Only this project; empty for all.")] string project = "",
        [Description("Only this language, such as csharp or python; empty for all.")] string language = "",
        [Description("Most results, 1 to 20.")] int top = 5,
        CancellationToken cancellationToken = default)
    {
        // Opened for one call: a server that lives as long as an editor must not keep the data directory from other commands.
        await using var memory = await Memory.OpenToReadAsync(run, cancellationToken);
        var found = await memory.SearchAsync(new SearchRequest { Query = query, Project = project, Language = language, Top = Math.Clamp(top, 1, MostFound), WithText = true }, cancellationToken);
        if (found.Results.Count == 0)
            return "Nothing found. The memory learns from 'platform index PATH --project NAME' and from finished jobs.";
        var text = new StringBuilder();
        foreach (var hit in found.Results)
            text.Append(CultureInfo.InvariantCulture, $"{hit.Project} {hit.Path}:{hit.StartLine}-{hit.EndLine} {hit.Language} {hit.Kind}, score {hit.Score:F3}, helped {hit.Successes} times, failed {hit.Failures}\n```{hit.Language}\n{hit.Text.TrimEnd()}\n```\n\n");
        return text.ToString().TrimEnd();
    }

    [Description("Checks one file without running it: compiler or parser, and a security scan. Says ok, or what is wrong with lines and how to mend it.")]
    private async Task<string> ValidateAsync(
        [Description("The whole text of the file.")] string code,
        [Description("Its name with ending, such as Slug.cs; decides the language.")] string path,
        CancellationToken cancellationToken = default)
    {
        var report = await _pipeline.RunAsync([File(path, code)], cancellationToken);
        var file = report.Files[0];
        var lines = file.Diagnostics.Select(found => $"{path}({found.Line},{found.Column}): {Lower(found.Severity)} {found.Code}: {found.Message}")
            .Concat(file.Security.Select(found => $"{path}({found.Line}): security {Lower(found.Severity)} {found.Rule} {found.Cwe}: {found.Message} {found.Advice}")).Take(MostShown).ToList();
        if (lines.Count == 0)
            lines.Add(file.Syntax == SyntaxState.Unchecked ? $"unchecked: {file.Reason}" : "ok");
        return string.Join('\n', lines.Concat(file.Style.Take(MostShown).Select(found => $"{path}({found.Line}): style {found.Code}: {found.Message}")));
    }

    [Description("Mends compile errors of one file from memory and by rule, without an engine, and verifies the result. Gives the fixed file, or what is left.")]
    private async Task<string> FixAsync(
        [Description("The whole text of the file.")] string code,
        [Description("Its name with ending; decides the language.")] string path,
        [Description("Keep verified edits, and those that failed, in the memory where there is one.")] bool learn = true,
        CancellationToken cancellationToken = default)
    {
        var result = await MendAsync(new FixRequest([File(path, code)]), cancellationToken);
        if (learn)
            await TriedFixes.KeepAsync(run, result, kept: true, cancellationToken);
        var steps = string.Concat(result.Steps.Select(step => $"- {step.Error}: {step.Fix}. {step.Explanation}\n"));
        return result.Steps.Count == 0
            ? $"No fix was found; {result.ErrorsAfter} errors are left."
            : $"{result.ErrorsBefore} errors before, {result.ErrorsAfter} after.\n{steps}```\n{result.Files[0].Text}\n```";
    }

    private async Task<FixResult> MendAsync(FixRequest request, CancellationToken token)
    {
        await using var memory = Memory.Exists(run) ? await Memory.OpenToReadAsync(run, token) : null;
        return await new FixEngine(new CodeValidator(new ValidationOptions { InferUsings = true }), before: memory is null ? [] : [new RememberedFixes(memory)]).FixAsync(request, token);
    }

    [Description("Checks a post as its platform counts it: length, limit, and what the platform would refuse.")]
    private static string CheckPost([Description("The text.")] string text, [Description("Platform such as x, bluesky, mastodon, linkedin.")] string platform)
    {
        var rules = ContentRules.Find(platform) ?? throw new McpException($"platform: '{platform}' is unknown; use one of {string.Join(", ", ContentRules.All.Select(known => known.Name))}.");
        var verdict = ContentRules.Check(rules, text);
        return $"{(verdict.IsValid ? "valid" : "invalid")}: {verdict.Length} of {verdict.Limit} {verdict.Unit}{string.Concat(verdict.Problems.Select(problem => $"\n- {problem}"))}";
    }

    [Description("Has an engine write code for a task, checks it, runs the tests in a sandbox, mends what fails, and gives the code with its proof. Needs a configured engine or a running host.")]
    private async Task<string> GenerateAsync(
        [Description("The task.")] string task,
        [Description("Language such as csharp or python; empty lets the platform guess.")] string language = "",
        [Description("Tests that the code must pass, as one file; empty for none.")] string tests = "",
        [Description("Name of the test file with ending, such as SlugTests.cs.")] string testsPath = "",
        [Description("Without tests: have them written first from the task.")] bool writeTests = false,
        CancellationToken cancellationToken = default)
    {
        await using var session = await HostSession.OpenAsync(run, "all", cancellationToken);
        var request = new GenerateRequest { Task = task, Language = language, WriteTests = writeTests && tests.Length == 0 };
        if (tests.Length > 0)
            request.Tests.Add(new V1.SourceFile { Path = testsPath.Length > 0 ? testsPath : throw new McpException("testsPath is empty; name the test file."), Text = tests });
        var job = await JobFollow.ToItsEndAsync(new Generation.GenerationClient(session.Invoker), request, new JobView(run), cancellationToken);
        var result = job.Result ?? job.Failure?.Partial ?? new JobResult();
        var proof = $"job {job.Id}, {job.State}, {result.Approach} by {result.Engine} {result.Model}{(result.Simulated ? ", simulated" : "")}; tests {result.Tests?.Outcome ?? "unchecked"} (trust: {result.TestsTrust}); {result.Attempts.Count} attempts; {result.CostUsd.ToString("0.####", CultureInfo.InvariantCulture)} USD";
        return job.State == JobStates.Succeeded ? $"{proof}\n\n{result.Text}" : throw new McpException($"{job.Failure?.Message} ({proof})");
    }

    private static SourceFile File(string path, string code) => code.Length <= MostCharacters
        ? SourceFile.FromPath(Path.GetFileName(path), code)
        : throw new McpException($"code has {code.Length:N0} characters; the limit is {MostCharacters:N0}.");

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static McpServerTool Tool(string name, Delegate method, bool readOnly) =>
        McpServerTool.Create(method, new McpServerToolCreateOptions { Name = name, ReadOnly = readOnly, Destructive = false });
}
