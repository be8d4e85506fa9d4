using Platform.V1;

namespace Platform.Contracts.Messages;

/// <summary>Something happened to published posts. Sent by whoever watches the platforms, and by content for what reached it at its own door.</summary>
public sealed record EngagementSeen
{
    /// <summary>Most events of one message.</summary>
    public const int MostEvents = 1_000;

    /// <summary>Tenant of the posts.</summary>
    public required string Tenant { get; init; }

    /// <summary>Each an <see cref="Engagement"/>; an event counts once by its id.</summary>
    public required byte[][] Events { get; init; }

    /// <summary>Whether content has learned from these events already.</summary>
    public bool Learned { get; init; }
}

/// <summary>Posts were made, made again or reviewed. Sent by content; figures only, no text.</summary>
public sealed record PostsChanged
{
    /// <summary>How the posts stand now.</summary>
    public required IReadOnlyList<PostFigures> Posts { get; init; }
}

/// <summary>How a post stands; of two messages the one with the higher version counts.</summary>
public sealed record PostFigures
{
    /// <summary>Tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The post.</summary>
    public required string PostId { get; init; }

    /// <summary>Rises with every change.</summary>
    public required long Version { get; init; }

    /// <summary>Pseudonym of the person it is about; empty when it is about nobody.</summary>
    public string SubjectId { get; init; } = "";

    /// <summary>Platform.</summary>
    public required string Platform { get; init; }

    /// <summary>State, such as "ready", "invalid" or "approved".</summary>
    public required string State { get; init; }

    /// <summary>Whether a simulator wrote it.</summary>
    public bool Simulated { get; init; }

    /// <summary>Whether a model wrote it.</summary>
    public bool AiGenerated { get; init; }

    /// <summary>Score, 0 to 100.</summary>
    public double Score { get; init; }

    /// <summary>Known markers of machine text per 1,000 words, as the engine wrote it.</summary>
    public double MarkersBefore { get; init; }

    /// <summary>The same after the humaniser.</summary>
    public double MarkersAfter { get; init; }

    /// <summary>What its engine calls cost so far, in US dollars.</summary>
    public double CostUsd { get; init; }

    /// <summary>When it was asked for, in milliseconds since 1970 UTC.</summary>
    public required long CreatedMs { get; init; }

    /// <summary>When it became what it is.</summary>
    public required long AtMs { get; init; }
}
