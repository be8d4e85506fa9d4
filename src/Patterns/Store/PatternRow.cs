namespace Platform.Patterns;

/// <summary>Row of table patterns.</summary>
internal sealed class PatternRow
{
    public string Id { get; set; } = "";

    public long Number { get; set; }

    /// <summary>What stays the same when the text changes: kind, name, and the how-manieth of these in the file.</summary>
    public string Member { get; set; } = "";

    public string Project { get; set; } = "";

    public string Path { get; set; } = "";

    public long StartLine { get; set; }

    public long EndLine { get; set; }

    public string Language { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Name { get; set; } = "";

    public string Record { get; set; } = "";

    public string Doc { get; set; } = "";

    /// <summary>Parameters and types, as they were when it was read.</summary>
    public string Signature { get; set; } = "";

    /// <summary>Namespace or package it stands in; empty where there is none.</summary>
    public string Space { get; set; } = "";

    public string Text { get; set; } = "";

    public string ContentHash { get; set; } = "";

    /// <summary>SimHash of its token trigrams, for near-duplicates.</summary>
    public long Shape { get; set; }

    /// <summary>Tags, separated by spaces.</summary>
    public string Tags { get; set; } = "";

    public string JobId { get; set; } = "";

    /// <summary>Licence of its project when it was learned; empty for that of its project today.</summary>
    public string Licence { get; set; } = "";

    public long Simulated { get; set; }

    /// <summary>1 when it may not be shown; searches read it along, so that a banned row is told from one that is gone.</summary>
    public long Banned { get; set; }

    public long Successes { get; set; }

    public long Failures { get; set; }

    /// <summary>Weight of the evidence of success, faded to now when it is read.</summary>
    public double Won { get; set; }

    /// <summary>Weight of the evidence of failure, faded to now when it is read.</summary>
    public double Lost { get; set; }

    /// <summary>When these weights were right.</summary>
    public long WeighedMs { get; set; }

    public long UsedMs { get; set; }

    public long CreatedMs { get; set; }
}

/// <summary>A pattern ready to be written: its row, its vector, its terms.</summary>
internal sealed record PreparedPattern(PatternRow Row, float[] Vector, IReadOnlyList<TermImpact> Terms);

/// <summary>A file ready to be written.</summary>
internal sealed record PreparedFile(string Path, string Hash, long Bytes, string Language, IReadOnlyList<PreparedPattern> Patterns)
{
    /// <summary>Folder it was found in.</summary>
    public string Root { get; init; } = "";

    /// <summary>Where it stood before; empty when it did not move.</summary>
    public string MovedFrom { get; init; } = "";
}
