using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Benchmarks.Engines;

/// <summary>
/// An OpenAI-compatible upstream whose tokens are the moments at which it wrote them, so that whoever receives one knows how long it
/// was on its way. It also remembers when the last call came in.
/// </summary>
internal sealed class StampingEngine : IAsyncDisposable
{
    private const string Whole =
        """{"id":"1","model":"simulated-stamp","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1}}""";

    private const string Last = "data: {\"id\":\"1\",\"model\":\"simulated-stamp\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":9}}\n\ndata: [DONE]\n\n";
    private readonly WebApplication _app;
    private long _lastCall;

    private StampingEngine(int tokens, TimeSpan gap, string? answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", (RequestDelegate)(http => AnswerAsync(http, tokens, gap, answer)));
    }

    /// <summary>Base address.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>When the last call came in, in ticks of <see cref="Stopwatch"/>.</summary>
    public long LastCall => Interlocked.Read(ref _lastCall);

    /// <summary>Starts one that streams so many stamps.</summary>
    /// <param name="tokens">Tokens of an answer.</param>
    /// <param name="gap">Time between them; zero writes them at once.</param>
    /// <param name="answer">What it says instead of stamps; null for stamps.</param>
    public static async Task<StampingEngine> StartAsync(int tokens, TimeSpan gap, string? answer = null)
    {
        var engine = new StampingEngine(tokens, gap, answer);
        await engine._app.StartAsync();
        return engine;
    }

    /// <summary>Milliseconds that the stamps in a text were on their way.</summary>
    public static IEnumerable<double> Ages(string text, long now)
    {
        foreach (var stamp in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            yield return Stopwatch.GetElapsedTime(long.Parse(stamp, CultureInfo.InvariantCulture), now).TotalMilliseconds;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http, int tokens, TimeSpan gap, string? answer)
    {
        Interlocked.Exchange(ref _lastCall, Stopwatch.GetTimestamp());
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var stream = (await reader.ReadToEndAsync(http.RequestAborted)).Contains("\"stream\":true", StringComparison.Ordinal);
        if (!stream)
        {
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Whole, http.RequestAborted);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < tokens; i++)
        {
            if (gap > TimeSpan.Zero)
                await Task.Delay(gap, http.RequestAborted);
            var text = answer is null ? string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()};") : i == 0 ? answer : " ";
            await http.Response.WriteAsync(Chunk(text, "null"), http.RequestAborted);
            if (gap > TimeSpan.Zero || i == 0)
                await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.WriteAsync(Chunk("", "\"stop\""), http.RequestAborted);
        await http.Response.WriteAsync(Last, http.RequestAborted);
    }

    private static string Chunk(string text, string finish) =>
        "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"model\":\"simulated-stamp\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
        + JsonSerializer.Serialize(text) + "},\"finish_reason\":" + finish + "}]}\n\n";
}
