using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Engines;
using Platform.Inference;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>Usage by class and what it costs.</summary>
public sealed class PricingSpec
{
    private static readonly ModelPrice Price = new(2m, 0.20m, 2.50m, 10m, new(2026, 9, 29));

    [Fact]
    public void Cost_PricesEachClassByItself() =>
        Pricing.Cost(new TokenUsage { InputUncached = 1_000, InputCached = 10_000, CacheWritten = 2_000, Output = 500, Reasoning = 400 }, Price)
            .ShouldBe(0.002m + 0.002m + 0.005m + 0.005m);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claude_CountsCacheReadsAndWritesApart(bool stream)
    {
        await using var server = await FixedServer.StartAsync(stream ? Stream : Whole, stream ? "text/event-stream" : "application/json");
        var entry = EngineCatalog.Read(Configuration(server.Address)).Find("Claude")!;
        using var http = EngineHttp.Create(entry, new SimulatorMark());
        using var client = new ClaudeProtocol().Create(entry, http);
        var builder = new AnswerBuilder(new Engine(entry, client, http, new SimulatorMark()), "m", 0);

        if (stream)
        {
            await foreach (var update in client.GetStreamingResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken))
                builder.Add(update);
        }
        else
        {
            builder.Add(await client.GetResponseAsync("hi", cancellationToken: TestContext.Current.CancellationToken));
        }

        builder.Usage.ShouldBe(new TokenUsage { InputUncached = 10, InputCached = 30, CacheWritten = 20, Output = 5 });
    }

    private const string Whole = """{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":5,"cache_creation_input_tokens":20,"cache_read_input_tokens":30}}""";

    private const string Stream = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1,"cache_creation_input_tokens":20,"cache_read_input_tokens":30}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"ok"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":5}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private static IConfiguration Configuration(string address) => new ConfigurationBuilder()
        .AddInMemoryCollection([KeyValuePair.Create("Engines:Claude:BaseUrl", (string?)address), KeyValuePair.Create("Engines:Claude:ApiKey", (string?)"k")])
        .Build();

    /// <summary>A server with one answer.</summary>
    private sealed class FixedServer(WebApplication app) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public static async Task<FixedServer> StartAsync(string body, string type)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var app = builder.Build();
            app.MapPost("/v1/messages", async context =>
            {
                context.Response.ContentType = type;
                await context.Response.WriteAsync(body.ReplaceLineEndings("\n"), Encoding.UTF8);
            });
            await app.StartAsync();
            return new FixedServer(app);
        }

        public async ValueTask DisposeAsync()
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    [Fact]
    public void Reasoning_WithAPriceOfItsOwn_IsTakenOutOfTheOutput()
    {
        var price = new ModelPrice(0, 0, 0, 10, DateOnly.MinValue);
        var usage = new TokenUsage { Output = 1_000_000, Reasoning = 400_000 };

        Pricing.Cost(usage, price).ShouldBe(10m);
        Pricing.Cost(usage, price with { Reasoning = 2 }).ShouldBe(6.8m);
    }
}
