namespace Platform.Patterns;

/// <summary>What a search may see. The tenant and the projects are always named: a search without a scope does not exist.</summary>
/// <param name="Tenant">Tenant whose rows alone are read.</param>
/// <param name="Projects">Projects that may be seen.</param>
/// <param name="WholeTenant">Whether these are all projects of the tenant, so that nothing has to be sorted out.</param>
internal sealed record PatternFilter(string Tenant, IReadOnlyList<string> Projects, bool WholeTenant)
{
    /// <summary>Only this language; empty for any.</summary>
    public string Language { get; init; } = "";

    /// <summary>Only this kind; empty for any but known failures, which are warnings and no examples.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Only with this tag; empty for any.</summary>
    public string Tag { get; init; } = "";

    /// <summary>Only with at least this many successes.</summary>
    public long MinSuccesses { get; init; }

    /// <summary>Whether an index has to leave rows out.</summary>
    public bool Narrows => !WholeTenant || Language.Length > 0 || Kind.Length > 0 || Tag.Length > 0 || MinSuccesses > 0;

    /// <summary>The marks a pattern must carry.</summary>
    public IEnumerable<string> Marks()
    {
        if (Language.Length > 0)
            yield return FilterTerms.Language(Language);
        if (Kind.Length > 0)
            yield return FilterTerms.Kind(Kind);
        if (Tag.Length > 0)
            yield return FilterTerms.Tag(Tag);
    }
}
