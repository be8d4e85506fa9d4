using System.CommandLine;
using System.Text.Json;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform fix</c>: mends errors from memory and by rule, checks the result, and shows the diff.</summary>
internal static class FixCommand
{
    private static readonly Argument<string> Target = new("path") { Description = "The file, or a folder whose files belong together." };
    private static readonly Option<string[]> Tests = new("--tests") { Description = "Tests that the fixed files must pass: files or folders.", DefaultValueFactory = static _ => [] };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Write the fixed files; the old ones are kept beside them with the ending .orig." };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a page with the change side by side to this file." };

    private static readonly Option<bool> Unsandboxed = new("--allow-unsandboxed") { Description = "Where no sandbox works, run the tests with process limits only. Code under test can then read what you can read." };

    public static Command Create() =>
        CommandRun.Bind(new Command("fix", "Mends errors without an engine, verifies the result and shows the diff. Exit code 1 when errors are left or tests did not pass.") { Target, Tests, Apply, Html, Unsandboxed }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var path = run.Get(Target)!;
        var targets = await FixTarget.ReadAsync(run, path, token);
        var tests = new List<SourceFile>();
        foreach (var each in run.Get(Tests)!)
            tests.AddRange((await TestFiles.ReadAsync(each, token)).Select(file => SourceFile.FromPath(file.Path, file.Text)));
        var files = targets.Select(target => target.File).Where(file => tests.All(test => test.Path != file.Path)).ToList();
        var result = await FixAsync(run, path, new FixRequest(files) { Tests = tests }, token);
        if (run.Get(Html) is { } page)
            await File.WriteAllTextAsync(page, HtmlDiff.Page($"Fix of {path}", files, result), token);
        if (run.Get(Apply))
            await WriteAsync(run, targets, files, result, token);
        if (run.Json)
            CommandRun.Print(Document(path, result));
        else
            Show(run, path, result);
        return result.Fixed ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<FixResult> FixAsync(CommandRun run, string path, FixRequest request, CancellationToken token)
    {
        await using var memory = Memory.Exists(run) ? await Memory.OpenToReadAsync(run, token) : null;
        var settings = ProjectSettings.Of(path);
        var engine = new FixEngine(new CodeValidator(settings), new TestRunner(new SandboxOptions { AllowUnsandboxed = run.Get(Unsandboxed) }), memory is null ? [] : [new RememberedFixes(memory)]);
        return await engine.FixAsync(request, token);
    }

    private static async Task WriteAsync(CommandRun run, IReadOnlyList<FixTarget> targets, List<SourceFile> before, FixResult result, CancellationToken token)
    {
        foreach (var (old, now) in before.Zip(result.Files).Where(pair => pair.First.Text != pair.Second.Text))
        {
            var backup = await targets.First(target => target.File == old).WriteAsync(now.Text, token);
            run.Say($"wrote {old.Path}; the old one is {backup}");
        }
    }

    private static object Document(string path, FixResult result) => new
    {
        path,
        result.Fixed,
        result.ErrorsBefore,
        result.ErrorsAfter,
        result.Diff,
        steps = result.Steps.Select(step => new { step.Error, step.Fix, step.Source, step.Explanation }),
        tests = result.Tests is { } tests ? new { outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(tests.Outcome.ToString()), tests.Passed, tests.Failed, tests.Reason } : null,
    };

    private static void Show(CommandRun run, string path, FixResult result)
    {
        foreach (var step in result.Steps)
            run.Answer.MarkupLineInterpolated($"{step.Error}\n  [green]{step.Fix}[/] ({step.Source}): {step.Explanation}");
        DiffView.Write(run.Answer, result.Diff);
        if (result.Tests is { } tests)
            run.Say($"tests: {JsonNamingPolicy.SnakeCaseLower.ConvertName(tests.Outcome.ToString())}, {tests.Passed} passed, {tests.Failed} failed{(tests.Reason is null ? "" : $" ({tests.Reason})")}");
        run.Say($"{path}: {result.ErrorsBefore} errors before, {result.ErrorsAfter} after{(run.Get(Apply) || result.Diff.Length == 0 ? "" : "; add --apply to write it")}");
    }
}
