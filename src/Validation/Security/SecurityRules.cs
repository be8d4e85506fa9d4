using System.Collections.Frozen;

namespace Platform.Validation;

/// <summary>What is known of one rule.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Cwe">The weakness, such as <c>CWE-89</c>; empty when it maps to none.</param>
/// <param name="Severity">How dangerous a finding is unless the scan knows better.</param>
/// <param name="Message">What was found and why it is a risk; empty where the scan itself words it.</param>
/// <param name="Advice">How to fix it.</param>
internal sealed record SecurityRule(string Id, string Cwe, SecuritySeverity Severity, string Message, string Advice)
{
    /// <summary>A finding of this rule.</summary>
    /// <param name="line">Line from 1.</param>
    /// <param name="message">The scan's own words; null for the rule's.</param>
    /// <param name="severity">The scan's own judgement; null for the rule's.</param>
    public SecurityFinding At(int line, string? message = null, SecuritySeverity? severity = null) =>
        new(Id, Cwe, severity ?? Severity, line, message is { Length: > 0 } ? message : Message, Advice);
}

/// <summary>The rules of all scans, read from <c>rules.tsv</c>: id, weakness, severity, message, advice.</summary>
internal static class SecurityRules
{
    private static readonly FrozenDictionary<string, SecurityRule> Known = Read().ToFrozenDictionary(r => r.Id);

    /// <summary>Every rule.</summary>
    public static IEnumerable<SecurityRule> All => Known.Values;

    /// <summary>A rule by its id; a rule that came with a newer analyzer has no advice but its own message.</summary>
    public static SecurityRule Find(string id) =>
        Known.GetValueOrDefault(id) ?? new SecurityRule(id, "", SecuritySeverity.Medium, "A security rule was broken.", "See the documentation of " + id + ".");

    private static IEnumerable<SecurityRule> Read() =>
        Embedded.Text("rules.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => new SecurityRule(cells[0], cells[1].Length > 0 ? "CWE-" + cells[1] : "", Enum.Parse<SecuritySeverity>(cells[2], ignoreCase: true), cells[3], cells[4]));
}
