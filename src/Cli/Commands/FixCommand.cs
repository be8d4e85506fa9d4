using System.CommandLine;
using System.Text.Json;
using Platform.Patterns;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform fix</c>: mends errors from memory and by rule, checks the result, and shows the diff.</summary>
internal static class FixCommand
{
    private static readonly Argument<string> Target = new("path") { Description = "The file, or a folder whose files belong together." };
    private static readonly Option<string[]> Tests = new("--tests") { Description = "Tests that the fixed files must pass: files or folders.", DefaultValueFactory = static _ => [] };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Write the fixed files; the old ones are kept beside them with the ending .orig." };
    private static readonly Option<bool> Coverage = new("--coverage") { Description = "With --tests: measure which lines of the code the tests reach." };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a page with the change side by side to this file." };

    private static readonly Option<bool> Forgetful = new("--no-learn") { Description = "Keep nothing of this in the memory. Otherwise verified edits, and those that failed, are kept where there is a memory." };

    private static readonly Option<bool> Unsandboxed = new("--allow-unsandboxed") { Description = "Where no sandbox works, run the tests with process limits only. Code under test can then read what you can read." };

    public static Command Create() =>
        CommandRun.Bind(new Command("fix", "Mends errors without an engine, verifies the result and shows the diff. Exit code 1 when errors are left or tests did not pass.") { Target, Tests, Apply, Coverage, Html, Forgetful, Unsandboxed }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var path = run.Get(Target)!;
        var targets = await FixTarget.ReadAsync(run, path, token);
        var (tests, testPaths) = await TestsAsync(run, [.. targets.Select(target => target.File.Path)], token);
        var files = targets.Where(target => !testPaths.Contains(target.FullPath)).Select(target => target.File).ToList();
        var request = new FixRequest(files) { Tests = tests, Coverage = run.Get(Coverage), Context = await ProjectSettings.ContextAsync(run, path, testPaths, token) };
        var runner = new TestRunner(new SandboxOptions { AllowUnsandboxed = run.Get(Unsandboxed) });
        var result = await FixAsync(run, path, runner, request, token);
        if (run.Get(Html) is { } page)
            await File.WriteAllTextAsync(page, HtmlDiff.Page($"Fix of {path}", files, result), token);
        var regression = await RegressionAsync(path, runner, files, result, token);
        var broken = regression is { Outcome: RegressionOutcome.Lost };
        // A file that did not get better stays as it is.
        if (run.Get(Apply) && !broken && (result.Fixed || result.ErrorsAfter < result.ErrorsBefore))
            await WriteAsync(run, targets, files, result, token);
        var learned = run.Get(Forgetful) ? 0 : await TriedFixes.KeepAsync(run, result, !broken, token);
        if (run.Json)
            CommandRun.Print(Document(path, result, regression, learned));
        else
            Show(run, path, result, regression, learned);
        return result.Fixed && !broken ? ExitCodes.Success : ExitCodes.Failed;
    }

    // Tests lie where they lie: what is in their folder is not fixed, and a name that a file to fix has too gets its folder's.
    private static async Task<(List<SourceFile> Tests, HashSet<string> Paths)> TestsAsync(CommandRun run, HashSet<string> taken, CancellationToken token)
    {
        var (tests, paths) = (new List<SourceFile>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var each in run.Get(Tests)!)
        {
            foreach (var file in await TestFiles.ReadAsync(each, token))
            {
                var full = Path.GetFullPath(File.Exists(each) ? each : Path.Combine(each, file.Path));
                paths.Add(full);
                tests.Add(SourceFile.FromPath(taken.Contains(file.Path) ? $"{Path.GetFileName(Path.GetFullPath(File.Exists(each) ? Path.GetDirectoryName(full)! : each))}/{file.Path}" : file.Path, file.Text));
            }
        }

        return (tests, paths);
    }

    private static async Task<FixResult> FixAsync(CommandRun run, string path, TestRunner runner, FixRequest request, CancellationToken token)
    {
        await using var memory = Memory.Exists(run) ? await Memory.OpenToReadAsync(run, token) : null;
        var settings = ProjectSettings.Of(path);
        var engine = new FixEngine(new CodeValidator(settings), runner, memory is null ? [] : [new RememberedFixes(memory)]);
        return await engine.FixAsync(request, token);
    }

    // A folder's own tests before and after: what passed must still pass. One file alone has no tests of its own.
    private static async Task<Regression?> RegressionAsync(string path, TestRunner runner, List<SourceFile> before, FixResult result, CancellationToken token)
    {
        if (!Directory.Exists(path) || result.Diff.Length == 0)
            return null;
        var all = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var found in FolderWalker.Walk(path).Where(found => found.Skipped is null && SourceFile.IsSafe(found.Path)))
        {
            if (FolderWalker.Read(found.Path, await File.ReadAllBytesAsync(found.FullPath, token), out _) is { } text)
                all[found.Path] = SourceFile.FromPath(found.Path, text);
        }

        foreach (var file in before)
            all[file.Path] = file;
        var first = await runner.RunWorkspaceAsync([.. all.Values], TestLimits.Workspace, token);
        if (!first.Cases.Any(test => test.Passed))
            return Regression.Of(first, first);
        foreach (var file in result.Files)
            all[file.Path] = file;
        return Regression.Of(first, await runner.RunWorkspaceAsync([.. all.Values], TestLimits.Workspace, token));
    }

    private static async Task WriteAsync(CommandRun run, IReadOnlyList<FixTarget> targets, List<SourceFile> before, FixResult result, CancellationToken token)
    {
        foreach (var (old, now) in before.Zip(result.Files).Where(pair => pair.First.Text != pair.Second.Text))
        {
            var backup = await targets.First(target => target.File == old).WriteAsync(now.Text, token);
            run.Say($"wrote {old.Path}; the old one is {backup}");
        }
    }

    private static object Document(string path, FixResult result, Regression? regression, int learned) => new
    {
        path,
        result.Fixed,
        result.ErrorsBefore,
        result.ErrorsAfter,
        result.Diff,
        steps = result.Steps.Select(step => new { step.Error, step.Fix, step.Source, step.Explanation }),
        learned,
        tests = result.Tests is { } tests ? new { outcome = JsonNamingPolicy.SnakeCaseLower.ConvertName(tests.Outcome.ToString()), tests.Passed, tests.Failed, tests.Reason } : null,
        coverage = result.Tests?.Coverage is { } coverage ? new { coverage.Lines, coverage.Covered, files = coverage.Files.Select(file => new { file.Path, file.Lines, file.Missed }) } : null,
        regression = regression is null ? null : new { outcome = regression.Outcome.ToString().ToLowerInvariant(), regression.PassedBefore, regression.Lost, regression.Reason },
    };

    private static void Show(CommandRun run, string path, FixResult result, Regression? regression, int learned)
    {
        foreach (var step in result.Steps)
            run.Answer.MarkupLineInterpolated($"{step.Error}\n  [green]{step.Fix}[/] ({step.Source}): {step.Explanation}");
        DiffView.Write(run.Answer, result.Diff);
        if (result.Tests is { } tests)
            run.Say($"tests: {JsonNamingPolicy.SnakeCaseLower.ConvertName(tests.Outcome.ToString())}, {tests.Passed} passed, {tests.Failed} failed{(tests.Reason is null ? "" : $" ({tests.Reason})")}");
        if (result.Tests?.Coverage is { Lines: > 0 } coverage)
            run.Say($"the tests reach {coverage.Percent:F0}% of {coverage.Lines} lines{string.Concat(coverage.Files.Where(file => file.Missed.Count > 0).Select(file => $"; not reached in {file.Path}: {string.Join(", ", file.Missed.Take(20))}"))}");
        if (regression is not null)
            run.Say(regression.Outcome == RegressionOutcome.Kept ? $"all {regression.PassedBefore} tests of the folder that passed still pass" : $"the folder's own tests: {regression.Outcome.ToString().ToLowerInvariant()}; {regression.Reason}");
        if (learned > 0)
            run.Say($"the memory keeps {learned} edits of this; --no-learn switches that off");
        run.Say($"{path}: {result.ErrorsBefore} errors before, {result.ErrorsAfter} after{(run.Get(Apply) || result.Diff.Length == 0 ? "" : "; add --apply to write it")}");
    }
}
