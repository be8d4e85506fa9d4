namespace Platform.Validation;

/// <summary>How code is scanned for security.</summary>
public sealed record SecurityOptions
{
    /// <summary>
    /// Whether comments in the code may silence findings (<c>platform:allow-secret</c>, <c>nosec</c>, <c>#pragma warning disable</c>); default true.
    /// False for code whose author must not decide that: what an engine wrote.
    /// </summary>
    public bool HonourComments { get; init; } = true;

    /// <summary>Most findings reported for one file, the gravest first; default 200.</summary>
    public int MaxFindings { get; init; } = 200;

    /// <summary>Verdicts kept by content; default 2,000.</summary>
    public int CachedVerdicts { get; init; } = 2000;
}
