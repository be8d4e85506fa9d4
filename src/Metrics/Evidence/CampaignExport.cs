using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Platform.Metrics.Pages;
using Platform.V1;

namespace Platform.Metrics.Evidence;

/// <summary>
/// All posts of a campaign as a file, written while they come in: a campaign may have more than fits into memory. A stream that breaks in the middle
/// breaks the file off, so that nobody takes a part for the whole.
/// </summary>
internal static class CampaignExport
{
    private static readonly string[] Columns = ["id", "platform", "slot", "variant", "state", "score", "length", "simulated", "model", "text", "parts", "publish"];

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> ServeAsync(HttpContext context, string id, string? format, ConsoleCaller caller)
    {
        // Whether there is such a campaign must be known before the first byte; how long its posts take is theirs.
        var campaign = await caller.AskAsync(o => caller.Maya.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, o));
        if (campaign.Value is null)
            return Downloads.Refuse(campaign);
        var isJson = format == "json";
        var name = Downloads.SafeName($"campaign-{id}.{(isJson ? "json" : "csv")}");
        return Results.Stream(body => WriteAsync(context, body, id, isJson, caller), $"{(isJson ? MediaTypeNames.Application.Json : MediaTypeNames.Text.Csv)}; charset=utf-8", name);
    }

    private static async Task WriteAsync(HttpContext context, Stream body, string id, bool isJson, ConsoleCaller caller)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        try
        {
            using var posts = caller.Maya.ListPosts(new ListPostsRequest { CampaignId = id }, new CallOptions(caller.Who.ToPeer(), cancellationToken: caller.Gone));
            await writer.WriteAsync(isJson ? $"{{\n\"campaign\": {JsonSerializer.Serialize(id, Downloads.Shape)},\n\"posts\": [" : Csv.Line(Columns));
            for (var first = true; await posts.ResponseStream.MoveNext(caller.Gone); first = false)
                await writer.WriteAsync(isJson ? $"{(first ? "" : ",")}\n{Json(posts.ResponseStream.Current)}" : Csv.Line(Cells(posts.ResponseStream.Current)));
            await writer.WriteAsync(isJson ? "\n]\n}\n" : "");
        }
        catch (RpcException)
        {
            context.Abort();
        }
    }

    private static string Json(Post p) =>
        JsonSerializer.Serialize(new { p.Id, p.Platform, p.Slot, p.Variant, p.Text, p.Score, p.State, p.Length, p.Simulated, p.Model, parts = p.Parts, publish = p.Publish.Select(s => new { s.Text, entities = s.Entities.Select(e => new { e.Type, e.Offset, e.Length }) }) }, Downloads.Shape);

    private static IReadOnlyList<object> Cells(Post p) => [p.Id, p.Platform, p.Slot, p.Variant, p.State, p.Score, p.Length, p.Simulated ? "true" : "false", p.Model, p.Text, p.Parts.Count == 0 ? "" : JsonSerializer.Serialize(p.Parts), p.Publish.Count == 0 ? "" : JsonSerializer.Serialize(p.Publish.Select(s => s.Text))];
}
