using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Platform.Metrics.Live;

/// <summary>
/// The event streams of the pages. A stream says only that something changed, at most once a second; the page then fetches itself.
/// Text of a running job comes with the stream, since it is more than once a second.
/// </summary>
internal static class LiveDoor
{
    private const string Changed = "changed";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Maps the streams.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/live/job/{id}", static (string id, JobStream stream, HttpContext context, IHostApplicationLifetime life) =>
            TypedResults.ServerSentEvents(UntilEndAsync(context, life, token => stream.FollowAsync(id, token))));
        endpoints.MapGet("/live/{topic}", static (string topic, LiveTopics topics, HttpContext context, IHostApplicationLifetime life, TimeProvider time) =>
            topics.Find(topic, context.Request.Query) is { } look
                ? Results.ServerSentEvents(UntilEndAsync(context, life, token => WatchAsync(look, time, token)))
                : Results.NotFound());
    }

    /// <summary>Ends when the browser leaves or the host stops: an open stream must not hold up a stop.</summary>
    private static async IAsyncEnumerable<SseItem<string>> UntilEndAsync(HttpContext context, IHostApplicationLifetime life, Func<CancellationToken, IAsyncEnumerable<SseItem<string>>> events)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        await using var each = events(end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(each, end.Token))
            yield return each.Current;
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> each, CancellationToken token)
    {
        try
        {
            return await each.MoveNextAsync();
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(Func<CancellationToken, Task<string>> look, TimeProvider time, [EnumeratorCancellation] CancellationToken token)
    {
        var (seen, said) = (await look(token), time.GetUtcNow());
        yield return new SseItem<string>("", "hello");
        using var timer = new PeriodicTimer(LookEvery, time);
        while (await timer.WaitForNextTickAsync(token))
        {
            var now = await look(token);
            if (now == seen && time.GetUtcNow() - said < Beat)
                continue;
            yield return new SseItem<string>("", now == seen ? "beat" : Changed);
            (seen, said) = (now, time.GetUtcNow());
        }
    }
}
