namespace Platform.Validation;

/// <summary>How dangerous a finding is. A threshold decides from which step on code is refused.</summary>
public enum SecuritySeverity
{
    /// <summary>Worth a look: a habit that is dangerous in some places only.</summary>
    Low,

    /// <summary>Dangerous unless something outside the file prevents it.</summary>
    Medium,

    /// <summary>Exploitable as it stands, or a protection that is switched off.</summary>
    High,
}

/// <summary>One security finding.</summary>
/// <param name="Rule">The rule's id (<c>CA2100</c>, <c>B602</c>, <c>SEC501</c>).</param>
/// <param name="Cwe">The weakness as <c>CWE-89</c>; empty when the rule maps to none.</param>
/// <param name="Severity">How dangerous it is.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Message">What was found and why it is a risk. It never holds the secret it speaks of.</param>
/// <param name="Advice">How to fix it.</param>
public sealed record SecurityFinding(string Rule, string Cwe, SecuritySeverity Severity, int Line, string Message, string Advice);
