using System.Data.Common;
using Platform.Contracts.Messages;

using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>One row a post: how it stood at the highest version that was told. Messages may come late, twice and in any order.</summary>
internal static class PieceRows
{
    private const double NanosPerUsd = 1e9;

    private static readonly string[] Keys = ["tenant", "post_id"];

    private static readonly string[] Values =
        ["version", "subject", "platform", "state", "simulated", "ai_generated", "score", "markers_before", "markers_after", "cost_nano", "created_ms", "at_ms"];

    /// <summary>Stores what is newer than what is there.</summary>
    public static async Task PutAsync(DbConnection connection, IEnumerable<PostFigures> posts, CancellationToken token)
    {
        // The newest of each, in the order of the keys: a statement may touch a row once, and two replicas must not wait for each other in a circle.
        var newest = posts.GroupBy(p => (p.Tenant, p.PostId)).Select(g => g.MaxBy(p => p.Version)!).OrderBy(p => p.Tenant, StringComparer.Ordinal).ThenBy(p => p.PostId, StringComparer.Ordinal);
        foreach (var chunk in newest.Select(Row).Chunk(BulkInsert.RowsPerStatement(connection, Keys.Length + Values.Length)))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"insert into pieces ({string.Join(", ", Keys.Concat(Values))}) values {RowValues.Add(command, chunk)} " +
                $"on conflict (tenant, post_id) do update set {string.Join(", ", Values.Select(v => $"{v} = excluded.{v}"))} where pieces.version < excluded.version";
            await command.ExecuteNonQueryAsync(token);
        }
    }

    private static object[] Row(PostFigures post) =>
    [
        post.Tenant, post.PostId, post.Version, post.SubjectId, post.Platform, post.State, post.Simulated ? 1L : 0L, post.AiGenerated ? 1L : 0L,
        Finite(post.Score), Finite(post.MarkersBefore), Finite(post.MarkersAfter), (long)(Math.Clamp(Finite(post.CostUsd), 0, 1e9) * NanosPerUsd), post.CreatedMs, post.AtMs,
    ];

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
