namespace Platform.Patterns;

/// <summary>Finds for each pattern of a file what it was before: first what says the same, then what has the same place in the file.</summary>
internal sealed class PatternMatch
{
    private readonly List<OldPattern> _left;
    private readonly (PreparedPattern Pattern, OldPattern? Before)[] _pairs;

    public PatternMatch(IReadOnlyList<PreparedPattern> now, IEnumerable<OldPattern> before)
    {
        _left = [.. before];
        _pairs = [.. now.Select(p => (p, (OldPattern?)null))];
        if (_left.Count == 0)
            return;
        Pair(static (p, o) => o.ContentHash == p.ContentHash && o.Member == p.Member);
        Pair(static (p, o) => o.ContentHash == p.ContentHash);
        Pair(static (p, o) => o.Member == p.Member);
    }

    /// <summary>Each pattern and what it was; null when it is new.</summary>
    public IReadOnlyList<(PreparedPattern Pattern, OldPattern? Before)> Pairs => _pairs;

    /// <summary>What is no more.</summary>
    public IReadOnlyList<OldPattern> Left => _left;

    private void Pair(Func<PatternRow, OldPattern, bool> fits)
    {
        for (var i = 0; i < _pairs.Length; i++)
        {
            if (_pairs[i].Before is not null || _left.FindIndex(o => fits(_pairs[i].Pattern.Row, o)) is not (>= 0 and var at))
                continue;
            _pairs[i].Before = _left[at];
            _left.RemoveAt(at);
        }
    }
}

/// <summary>A stored pattern, as far as its successor needs it.</summary>
internal sealed class OldPattern
{
    public string Id { get; set; } = "";

    public string Path { get; set; } = "";

    public string Member { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public long Number { get; set; }

    public string ContentHash { get; set; } = "";

    public long StartLine { get; set; }

    public long EndLine { get; set; }

    public long Successes { get; set; }

    public long Failures { get; set; }

    public double Won { get; set; }

    public double Lost { get; set; }

    public long WeighedMs { get; set; }

    public long UsedMs { get; set; }

    public long CreatedMs { get; set; }

    /// <summary>Whether a new row says the same under the same name.</summary>
    public bool Says(PatternRow row) => ContentHash == row.ContentHash && Name == row.Name && Kind == row.Kind;

    /// <summary>Gives a pattern its id and what it has been through.</summary>
    public PreparedPattern Give(PreparedPattern pattern)
    {
        var row = pattern.Row;
        row.Id = Id;
        (row.Successes, row.Failures, row.Won, row.Lost, row.WeighedMs) = (Successes, Failures, Won, Lost, WeighedMs);
        (row.UsedMs, row.CreatedMs) = (UsedMs, CreatedMs);
        return pattern;
    }
}
