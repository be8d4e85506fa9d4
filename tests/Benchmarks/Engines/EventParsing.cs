using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Inference;
using Platform.V1;

namespace Platform.Benchmarks.Engines;

/// <summary>How fast the engine client reads an event stream, beside the framework's parser that looks into nothing, on the same bytes from memory.</summary>
internal static class EventParsing
{
    private const int Events = 40_000;
    private const int Rounds = 7;
    private static readonly EngineModel Model = new("gpt-oss-120b", 131_072, 40_960, new(0.35m, 0.35m, 0.35m, 0.75m, new(2026, 11, 1)));

    private static readonly EngineEntry Entry = new()
    {
        Name = "Cerebras",
        Kind = EngineKind.Cerebras,
        BaseUrl = new("http://127.0.0.1:9"),
        Enabled = true,
        Quality = Model,
        Fast = Model,
        MaxConcurrency = 8,
    };

    /// <summary>Command <c>sse</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var bytes = Stream();
        var megabytes = bytes.Length / 1e6;
        var (alone, client, worker, brief, full) = (new Quantiles(), new Quantiles(), new Quantiles(), new Quantiles(), new Quantiles());
        var reader = new TokenChunkReader();
        var (clientBytes, workerBytes) = (0L, 0L);
        for (var round = -2; round < Rounds; round++)
        {
            alone.Add((await TakeAsync(() => ParseAsync(bytes, static (_, data) => data.Length))).Seconds);
            brief.Add((await TakeAsync(() => ParseAsync(bytes, reader.Read))).Seconds);
            full.Add((await TakeAsync(() => ParseAsync(bytes, ReadInFull))).Seconds);
            var asked = await TakeAsync(() => AskAsync(bytes, static _ => { }));
            var told = await TakeAsync(() => TellAsync(bytes));
            client.Add(asked.Seconds);
            worker.Add(told.Seconds);
            (clientBytes, workerBytes) = (asked.Bytes, told.Bytes);
        }

        var conditions = string.Create(CultureInfo.InvariantCulture, $"{Events} events of {bytes.Length / Events} bytes as Cerebras writes them, from memory; processor time of the whole process, collections included, so that a busy machine matters little; median of {alone.Count} rounds taken in turns");
        Rate("an event stream read by the engine client", client);
        Rate("an event stream read and told to watchers", worker);
        BenchmarkRow.Of("parsing an event, tokens read the short way", brief.At(0.5) * 1e6 / Events, "us", "every event read in full", full.At(0.5) * 1e6 / Events, conditions).Print();
        BenchmarkRow.Of("memory taken an event by the engine client", (double)clientBytes / Events, "bytes", "bytes on the wire", bytes.Length / (double)Events, conditions).Print();
        BenchmarkRow.Of("memory taken an event, read and told", (double)workerBytes / Events, "bytes", "bytes on the wire", bytes.Length / (double)Events, conditions).Print();
        return 0;

        void Rate(string name, Quantiles seconds)
        {
            BenchmarkRow.Of(name, megabytes / seconds.At(0.5), "MB/s", "System.Net.ServerSentEvents alone", megabytes / alone.At(0.5), conditions).Print();
            BenchmarkRow.Of($"{name}, time an event", seconds.At(0.5) * 1e6 / Events, "us", "System.Net.ServerSentEvents alone", alone.At(0.5) * 1e6 / Events, conditions).Print();
        }
    }

    private static byte[] Stream()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Events; i++)
        {
            text.Append("data: {\"id\":\"chatcmpl-5e0c6a1b-7d1c-4a0e-9a51-0a4a6a4c8f11\",\"choices\":[{\"delta\":{\"content\":\" word").Append(i % 1000)
                .Append("\"},\"index\":0}],\"created\":1795262400,\"model\":\"gpt-oss-120b\",\"system_fingerprint\":\"fp_cb26eb4ba7e3c1ed9d5e\",\"object\":\"chat.completion.chunk\"}\n\n");
        }

        text.Append("data: {\"id\":\"c\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\",\"index\":0}],\"model\":\"gpt-oss-120b\",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":9,\"total_tokens\":18}}\n\ndata: [DONE]\n\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<(double Seconds, long Bytes)> TakeAsync(Func<Task> work)
    {
        GC.Collect();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var used = Environment.CpuUsage.TotalTime;
        await work();
        return ((Environment.CpuUsage.TotalTime - used).TotalSeconds, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    private static async Task ParseAsync<T>(byte[] bytes, SseItemParser<T> parser)
    {
        using var stream = new MemoryStream(bytes);
        await foreach (var item in SseParser.Create(stream, parser).EnumerateAsync())
            GC.KeepAlive(item);
    }

    private static WireAnswer? ReadInFull(string eventType, ReadOnlySpan<byte> data) => data.StartsWith("[DONE]"u8) ? null : JsonSerializer.Deserialize(data, WireJson.Default.WireAnswer);

    private static async Task AskAsync(byte[] bytes, Action<ChatResponseUpdate> take)
    {
        using var http = new HttpClient(new Canned(bytes));
        using var client = new CompletionsClient(Entry, http, int.MaxValue);
        await foreach (var update in client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "Say words.")]))
            take(update);
    }

    /// <summary>As the worker does it: gather the answer, number what is said, merge what waits; somebody takes it every few pieces.</summary>
    private static async Task TellAsync(byte[] bytes)
    {
        var engine = new Engine(Entry, null!, null!, new SimulatorMark());
        var answer = new AnswerBuilder(engine, Model.Id, 9);
        var progress = new JobProgress(JobId.New(DateTimeOffset.UtcNow), 1, TimeProvider.System) { Watched = true };
        var outlet = new ProgressOutlet(progress);
        var told = 0;
        await AskAsync(bytes, update =>
        {
            var (text, thought) = answer.Add(update);
            outlet.Take(thought, text);
            if (++told % 8 == 0)
                progress.TakeLive();
        });
        answer.Build();
    }

    /// <summary>Answers every call with the same stream.</summary>
    private sealed class Canned(byte[] bytes) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
