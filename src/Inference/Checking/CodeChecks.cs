using Platform.Validation;
using Wire = Platform.V1;

namespace Platform.Inference;

/// <summary>The one place that speaks to the validation library: takes answers apart, checks files, fixes what needs no engine.</summary>
internal sealed class CodeChecks(CodeValidator validator, ValidationPipeline pipeline, SecurityScanner scanner, SecurityPolicy security, MemoryFixes memory, TestStep tests)
{
    // A generated file of a workspace may be longer than the validator takes; no answer is lost because of it.
    private static readonly int LongestContext = new ValidationOptions().MaxFileLength;
    private const int MostTestRuns = 4;
    private static readonly TimeSpan FixTime = TimeSpan.FromSeconds(30);
    private static readonly CodeValidator Parser = new(new ValidationOptions { SyntaxOnly = true });

    /// <summary>The files in an answer.</summary>
    public static AnswerFiles Extract(string answer, string language)
    {
        var found = CodeExtractor.Extract(answer, language.Length > 0 ? language : null);
        CodeFile[] files = [.. found.Files.Select(file => new CodeFile(file.Path, file.Language, file.Text))];
        if (found.Truncated)
            return new AnswerFiles([], "The answer ends inside a code block.", Truncated: true);
        if (Elision.In(files) is { } elided)
            return new AnswerFiles([], elided, Truncated: true);
        return new AnswerFiles(files, files.Length == 0 ? found.Problem ?? "The answer holds no code block." : null, Truncated: false);
    }

    /// <summary>Checks files together with the files they build on; reports the files only. Code may also build on types that its tests declare.</summary>
    public async Task<Wire.ValidationReport> CheckAsync(JobRun run, IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context, CancellationToken token)
    {
        var report = new Wire.ValidationReport { Attempt = run.Attempt };
        var threshold = security.Of(run.Tenant);
        var own = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var found = await pipeline.RunAsync(Merge(files, context), token);
        if (run.Request.Tests.Count > 0 && run.Language == "csharp" && !Compiles(found, own))
        {
            IReadOnlyList<CodeFile> withTests = [.. context, .. run.Request.Tests.Select(CodeFile.Of)];
            var joint = await pipeline.RunAsync(Merge(files, withTests), token);
            found = Compiles(joint, own) ? joint : found;
        }

        report.Files.AddRange(found.Files.Where(file => own.Contains(file.Path)).Select(file => ToWire(file, threshold)));
        report.Ok = report.Files.All(file => file.Syntax != "error" && !file.Security.Any(finding => finding.Blocks));
        return report;
    }

    /// <summary>The first place where files cannot be parsed, in words; null when all can. Names that are not declared yet are no matter.</summary>
    public static async Task<string?> UnreadableAsync(IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        var report = await Parser.ValidateAsync(Merge(files, []), token);
        return report.Files.SelectMany(file => file.Errors.Select(error => $"{file.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}")).FirstOrDefault();
    }

    /// <summary>The first finding that blocks files for a tenant, in words; null when there is none. What was found harmless once may not be so by the rules of today.</summary>
    public async Task<string?> BlockedAsync(JobRun run, IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        var threshold = security.Of(run.Tenant);
        var verdicts = await scanner.ScanAsync(Merge(files, []), token);
        return verdicts.SelectMany(verdict => verdict.Findings).FirstOrDefault(found => threshold.Blocks(found)) is { } finding ? $"{finding.Rule} on line {finding.Line}: {finding.Message}" : null;
    }

    /// <summary>
    /// A fix from memory or by rule; null when none removes every error. Of several that compile the one that passes the job's tests is given, where they can run;
    /// for files that compiled before it has to pass them.
    /// </summary>
    /// <param name="run">The job.</param>
    /// <param name="files">The answer.</param>
    /// <param name="context">Files that it is compiled with.</param>
    /// <param name="compiled">It compiled, and failed its tests.</param>
    /// <param name="token">Stops.</param>
    public async Task<LocalFix?> FixAsync(JobRun run, IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context, bool compiled, CancellationToken token)
    {
        var own = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var engine = new FixEngine(validator, new ScannedFirst(this, tests, run, own), [memory.For(run)]);
        var all = Merge(files, context).ToLookup(file => own.Contains(file.Path));
        var paths = all[true].Concat(all[false]).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var request = new FixRequest([.. all[true]])
        {
            Context = [.. all[false]],
            Tests = [.. run.Request.Tests.Select(CodeFile.Of).Where(test => Languages.All.Contains(test.Language) && !paths.Contains(test.Path)).Select(test => new SourceFile(test.Path, test.Language, test.Text))],
            MaxTestRuns = MostTestRuns,
            Time = run.Budget.Remaining / 4 < FixTime ? run.Budget.Remaining / 4 : FixTime,
        };
        var mended = await engine.FixAsync(request, token);
        if (compiled && mended.Tests is not { Outcome: TestOutcome.Passed })
            return null;
        // Code that only says it was not written is no answer: the engine is asked again.
        if (mended is not { ErrorsAfter: 0, Steps: [var first, ..] } || mended.Steps.Any(step => step.Placeholder))
            return null;
        return new LocalFix(
            [.. mended.Files.Select(file => new CodeFile(file.Path, file.Language, file.Text))],
            mended.Steps.Any(step => step.Source == MemoryFixes.Name) ? MemoryFixes.Name : first.Source,
            first.Error,
            string.Join(" ", mended.Steps.Select(step => step.Explanation)));
    }

    /// <summary>Unified diff of one file; the whole file when it is new.</summary>
    public static string Diff(CodeFile file, string? before) => UnifiedDiff.Of(file.Path, before ?? "", file.Text);

    /// <summary>The first thing that is wrong, as a compiler would say it.</summary>
    public static string FirstError(Wire.ValidationReport report)
    {
        foreach (var file in report.Files)
        {
            if (file.Diagnostics.FirstOrDefault(found => found.Severity == "error") is { } error)
                return $"{file.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}";
            if (file.Security.FirstOrDefault(one => one.Blocks) is { } finding)
                return $"{file.Path}({finding.Line}): {finding.Rule} {finding.Cwe}: {finding.Message}";
        }

        return "";
    }

    private static bool Compiles(ValidationReport report, HashSet<string> own) => !report.Files.Any(file => own.Contains(file.Path) && file.Syntax == SyntaxState.Error);

    private static List<SourceFile> Merge(IReadOnlyList<CodeFile> files, IReadOnlyList<CodeFile> context)
    {
        var languages = files.Select(file => file.Language).ToHashSet(StringComparer.Ordinal);
        return [.. TestStep.Overlay(files, [.. context.Where(file => languages.Contains(file.Language) && file.Text.Length <= LongestContext)])
            .Select(file => new SourceFile(file.Path, Languages.All.Contains(file.Language) ? file.Language : "text", file.Text))];
    }

    private static Wire.FileReport ToWire(FileReport file, BlockSeverity threshold)
    {
        var report = new Wire.FileReport { Path = file.Path, Language = file.Language, Syntax = Lower(file.Syntax), Reason = file.Reason ?? "", SecurityUnchecked = file.SecurityUnchecked ?? "" };
        report.Diagnostics.AddRange(file.Diagnostics.Select(found => new Wire.Diagnostic
        {
            Code = found.Code,
            Line = found.Line,
            Column = found.Column,
            Message = found.Message,
            Severity = Lower(found.Severity),
        }));
        report.Style.AddRange(file.Style.Select(found => new Wire.Diagnostic { Code = found.Code, Line = found.Line, Column = found.Column, Message = found.Message, Severity = Lower(found.Severity) }));
        report.Security.AddRange(file.Security.Select(found => new Wire.SecurityFinding
        {
            Rule = found.Rule,
            Severity = Lower(found.Severity),
            Line = found.Line,
            Message = found.Message,
            Cwe = found.Cwe,
            Advice = found.Advice,
            Blocks = threshold.Blocks(found),
        }));
        return report;
    }

    private static string Lower(Enum value) => value.ToString().ToLowerInvariant();

    /// <summary>Runs the job's tests on candidates of a fix, but on none that the tenant's rules refuse: such code is never run. What the answer builds on was there before it and is not its doing.</summary>
    private sealed class ScannedFirst(CodeChecks checks, TestStep tests, JobRun run, HashSet<string> own) : ITestRunner
    {
        public async Task<TestReport> RunAsync(TestRun asked, CancellationToken token)
        {
            IReadOnlyList<CodeFile> files = [.. asked.Code.Select(file => new CodeFile(file.Path, file.Language, file.Text))];
            if (await checks.BlockedAsync(run, [.. files.Where(file => own.Contains(file.Path))], token) is { } blocked)
                return new TestReport(TestOutcome.Failed, 0, 0, [], "", blocked, 0);
            return TestStep.Read(await tests.RunAsync(run, [.. run.Request.Tests], files, [], token, asked.Limits.Time));
        }
    }
}
