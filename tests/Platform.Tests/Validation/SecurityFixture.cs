using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>One scanner for all security specs: analyzers are made once.</summary>
internal static class Scan
{
    public static readonly SecurityScanner Scanner = new(new ValidationOptions());

    public static async Task<SecurityVerdict> FileAsync(string path, string text, SecurityScanner? scanner = null) =>
        (await (scanner ?? Scanner).ScanAsync([SourceFile.FromPath(path, text)], TestContext.Current.CancellationToken)).Single();

    /// <summary>Fails unless the rule is found on the line.</summary>
    public static void ShouldHold(this SecurityVerdict verdict, string rule, int line) =>
        verdict.Findings.ShouldContain(f => f.Rule == rule && f.Line == line, $"{verdict.Unchecked} {string.Join('\n', verdict.Findings)}");

    /// <summary>Fails when anything of at least this severity is found.</summary>
    public static void ShouldBeClean(this SecurityVerdict verdict, SecuritySeverity from = SecuritySeverity.Low) =>
        verdict.Findings.Where(f => f.Severity >= from).ShouldBeEmpty();
}
