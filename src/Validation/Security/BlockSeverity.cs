namespace Platform.Validation;

/// <summary>From which severity on a security finding blocks: the code is refused.</summary>
public enum BlockSeverity
{
    /// <summary>Every finding blocks.</summary>
    Low,

    /// <summary>Medium and high findings block.</summary>
    Medium,

    /// <summary>High findings block.</summary>
    High,

    /// <summary>Findings are reported and never block.</summary>
    None,
}

/// <summary>Compares findings with a threshold.</summary>
public static class BlockSeverityRule
{
    /// <summary>Whether a finding of this severity blocks.</summary>
    public static bool Blocks(this BlockSeverity threshold, SecurityFinding finding) => threshold != BlockSeverity.None && (int)finding.Severity >= (int)threshold;
}
