using Grpc.Core;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Sends a CSV file of results to the host: events (event_id, post_id, kind, count, at) or published posts with their totals.</summary>
internal static class EngagementUpload
{
    private static readonly string[] EventColumns = ["event_id", "post_id", "kind", "count", "at"];
    private static readonly string[] PostColumns = ["id", "platform", "text", "published_at", "impressions"];

    /// <summary>Sends the file; the answer says what was new.</summary>
    /// <exception cref="CommandException">The file has neither header, or a row is wrong.</exception>
    public static async Task<object> SendAsync(Content.ContentClient client, string path, bool simulated, CancellationToken token)
    {
        var header = await CsvTable.HeaderAsync(path, token);
        if (EventColumns.All(header.Contains))
            return await EventsAsync(client, path, token);
        if (PostColumns.All(header.Contains))
            return await PostsAsync(client, path, simulated, token);
        throw new CommandException(ExitCodes.WrongUsage,
            $"'{path}' has the columns {string.Join(", ", header.Take(20))}; give {string.Join(", ", EventColumns)}, or {string.Join(", ", PostColumns)} and any of theme, format, campaign_id, likes, shares, comments, clicks, conversions, unfollows.");
    }

    private static async Task<object> EventsAsync(Content.ContentClient client, string path, CancellationToken token)
    {
        using var call = client.RecordEngagement(cancellationToken: token);
        await foreach (var row in CsvTable.RowsAsync(path, token))
            await SendAsync(call, new Engagement { EventId = row.Needed("event_id"), PostId = row.Needed("post_id"), Kind = row.Needed("kind"), Count = row.Number("count"), AtMs = row.TimeMs("at") }, token);
        await call.RequestStream.CompleteAsync();
        var reply = await call.ResponseAsync;
        return new { kind = "events", reply.Stored, reply.Duplicates, reply.UnknownPosts };
    }

    private static async Task<object> PostsAsync(Content.ContentClient client, string path, bool simulated, CancellationToken token)
    {
        using var call = client.ImportPosts(cancellationToken: token);
        await foreach (var row in CsvTable.RowsAsync(path, token))
        {
            await SendAsync(call, new PublishedPost
            {
                Id = row.Needed("id"),
                Platform = row.Needed("platform"),
                Text = row.Needed("text"),
                PublishedAt = row.Needed("published_at"),
                Theme = row.Text("theme"),
                Format = row.Text("format"),
                CampaignId = row.Text("campaign_id"),
                Impressions = row.Number("impressions"),
                Likes = row.Number("likes"),
                Shares = row.Number("shares"),
                Comments = row.Number("comments"),
                Clicks = row.Number("clicks"),
                Conversions = row.Number("conversions"),
                Unfollows = row.Number("unfollows"),
                Simulated = simulated,
            }, token);
        }

        await call.RequestStream.CompleteAsync();
        var reply = await call.ResponseAsync;
        return new { kind = "posts", reply.Added, reply.Raised, reply.Unchanged };
    }

    /// <summary>When the host has refused a row the stream is broken; its answer says why, and that is what the user should read.</summary>
    internal static async Task SendAsync<TRow, TReply>(AsyncClientStreamingCall<TRow, TReply> call, TRow row, CancellationToken token)
    {
        try
        {
            await call.RequestStream.WriteAsync(row, token);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            await call.ResponseAsync;
            throw;
        }
    }
}
