using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Platform.Metrics.Pages;
using Platform.V1;

namespace Platform.Metrics.Live;

/// <summary>One job as it happens: its text in pieces, and a word whenever a stage is reached.</summary>
internal sealed class JobStream(ConsoleCaller caller)
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web);

    /// <summary>Events until the job is closed.</summary>
    public async IAsyncEnumerable<SseItem<string>> FollowAsync(string id, [EnumeratorCancellation] CancellationToken token)
    {
        using var watch = caller.Watch(id, token);
        while (await NextAsync(watch.ResponseStream, token))
        {
            var e = watch.ResponseStream.Current;
            yield return e.WhatCase switch
            {
                JobEvent.WhatOneofCase.Token when e.Token.Reasoning => new SseItem<string>("", "thinking"),
                JobEvent.WhatOneofCase.Token => Text(e.Token.Draft, e.Token.Text, whole: false),
                JobEvent.WhatOneofCase.Snapshot => Text(e.Snapshot.Draft, e.Snapshot.Text, whole: true),
                _ => new SseItem<string>("", "changed"),
            };
        }

        yield return new SseItem<string>("", "end");
    }

    /// <summary>A job that cannot be followed has no events; the page says why.</summary>
    private static async Task<bool> NextAsync(IAsyncStreamReader<JobEvent> events, CancellationToken token)
    {
        try
        {
            return await events.MoveNext(token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException(token);
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static SseItem<string> Text(int draft, string text, bool whole) => new(JsonSerializer.Serialize(new { draft, text, whole }, Shape), "text");
}
