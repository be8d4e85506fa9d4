namespace Platform.Maya;

/// <summary>What a platform takes of one kind of media. What is not known is 0 or empty and nothing is claimed.</summary>
public sealed record MediaLimit
{
    /// <summary>"image", "gif", "video" or "file".</summary>
    public required string Kind { get; init; }

    /// <summary>Most of them in one post; 0 when unknown.</summary>
    public int MostCount { get; init; }

    /// <summary>Least of them when the post has several; 0 when there is no such rule.</summary>
    public int LeastInCarousel { get; init; }

    /// <summary>Largest file in bytes; 0 when unknown.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Types such as "image/jpeg"; empty when unknown.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Longest description for those who do not see it, in characters; 0 when unknown.</summary>
    public int MaxAlt { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>When it was read.</summary>
    public required DateOnly Date { get; init; }
}
