namespace Platform.Validation;

/// <summary>Findings of several scans as one list.</summary>
internal static class Findings
{
    /// <summary>In order of place; of two findings of one rule on one line the graver stays.</summary>
    public static IReadOnlyList<SecurityFinding> Merge(IEnumerable<SecurityFinding> findings) =>
        [.. findings.GroupBy(f => (f.Line, f.Rule)).Select(g => g.MaxBy(f => f.Severity)!).OrderBy(f => f.Line).ThenBy(f => f.Rule, StringComparer.Ordinal)];
}
