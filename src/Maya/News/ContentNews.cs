using System.Data.Common;
using System.Text.Json;
using Google.Protobuf;
using Platform.Contracts.Messages;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What other modules are told: how posts stand, and what happened to them. Written with the change itself, sent by <see cref="NewsService"/>.</summary>
internal sealed class ContentNews : IDisposable
{
    /// <summary>A <see cref="PostsChanged"/>.</summary>
    public const string Posts = "posts";

    /// <summary>An <see cref="EngagementSeen"/>.</summary>
    public const string Engagement = "engagement";

    /// <summary>Most posts of one message: brokers refuse large ones, and what they refuse holds up everything behind it.</summary>
    private const int MostPosts = 500;

    /// <summary>Beats when there is news.</summary>
    public Pulse Pulse { get; } = new();

    /// <summary>Adds how posts stand, inside the transaction that changed them; beat the pulse when it is committed.</summary>
    public static async Task AddAsync(DbConnection connection, IReadOnlyList<PostFigures> posts)
    {
        foreach (var chunk in posts.Chunk(MostPosts))
            await AddAsync(connection, Posts, new PostsChanged { Posts = chunk });
    }

    /// <summary>Adds what happened to posts, inside the transaction that counted it.</summary>
    public static async Task AddAsync(DbConnection connection, string tenant, IReadOnlyList<EngagementEvent> events)
    {
        foreach (var chunk in events.Chunk(EngagementSeen.MostEvents))
            await AddAsync(connection, Engagement, new EngagementSeen { Tenant = tenant, Learned = true, Events = [.. chunk.Select(Bytes)] });
    }

    /// <inheritdoc />
    public void Dispose() => Pulse.Dispose();

    private static Task AddAsync<T>(DbConnection connection, string kind, T message) => Outbox.AddAsync(connection, Guid.CreateVersion7().ToString("N"), kind, JsonSerializer.Serialize(message));

    private static byte[] Bytes(EngagementEvent seen) =>
        new Engagement { EventId = seen.EventId, PostId = seen.PostId, Kind = seen.Kind, Count = seen.Count, AtMs = seen.AtMs }.ToByteArray();
}
