using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Faults;

namespace Platform.Simulator.Http;

/// <summary>Sends one answer at its pace and plays the damage of a fault on the way. One object for each call.</summary>
internal sealed class Delivery(HttpContext http, IApi api, Exchange exchange, Fault? fault, CancellationToken lifetime)
{
    /// <summary>Unpaced streams flush after the first token and then by size, so that a benchmark is not bound by system calls.</summary>
    private const int UnpacedFlushBytes = 4096;

    private readonly HttpResponse response = http.Response;
    private readonly Damage damage = fault?.Damage ?? Damage.None;
    private int unflushed;

    public async Task SendAnswerAsync()
    {
        await exchange.PaceAsync(exchange.Usage.Completion, lifetime);
        if (damage == Damage.StreamError)
        {
            await SendErrorAsync(response, api.Error(Refusal.ServerError, "", 0), lifetime);
            return;
        }

        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, JsonText.Options))
            api.WriteAnswer(json, exchange);
        response.ContentType = "application/json";
        if (damage is Damage.Cut or Damage.CutClean or Damage.Stall)
        {
            response.ContentLength = damage == Damage.CutClean ? null : body.WrittenCount;
            await response.BodyWriter.WriteAsync(body.WrittenMemory[..(fault!.Early ? 0 : body.WrittenCount / 2)], lifetime);
            await BreakAsync();
            return;
        }

        response.ContentLength = body.WrittenCount;
        await WriteAsync(body.WrittenMemory, flush: false);
    }

    public async Task SendStreamAsync()
    {
        await exchange.PaceAsync(0, lifetime);
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        using var buffer = new SseBuffer();
        var tokens = 0;
        var frames = 0;
        foreach (var frame in api.WriteStream(buffer, exchange))
        {
            if (IsBreakingPoint(frame.Phase, frames, tokens))
            {
                if (damage == Damage.StreamError)
                    await WriteAsync(api.WriteStreamError(buffer), flush: true);
                else
                    await BreakAsync();
                return;
            }

            await exchange.PaceAsync(frame.Phase == FramePhase.Opening ? 0 : tokens, lifetime);
            await WriteAsync(frame.Bytes, flush: !exchange.Pace.Unlimited || (frame.Phase == FramePhase.Token && frames == 0));
            tokens += frame.Tokens;
            frames += frame.Phase == FramePhase.Token ? 1 : 0;
        }
    }

    public static async Task SendErrorAsync(HttpResponse response, ApiError error, CancellationToken cancellationToken)
    {
        response.StatusCode = error.Status;
        response.ContentType = error.ContentType;
        response.ContentLength = error.Body.Length;
        foreach (var (name, value) in error.Headers)
            response.Headers[name] = value;
        await response.BodyWriter.WriteAsync(error.Body, cancellationToken);
    }

    /// <summary>Early damage comes before the first token; other damage after at least one token, at half of them or at the end.</summary>
    private bool IsBreakingPoint(FramePhase phase, int frames, int tokens)
    {
        if (damage is not (Damage.StreamError or Damage.Cut or Damage.CutClean or Damage.Stall) || phase == FramePhase.Opening)
            return false;
        return fault!.Early || phase == FramePhase.Closing || (frames > 0 && tokens * 2 >= exchange.Usage.Completion);
    }

    private async Task BreakAsync()
    {
        await response.BodyWriter.FlushAsync(lifetime);
        if (damage == Damage.Cut)
            await HangUpAsync();
        else if (damage == Damage.Stall)
            await Task.Delay(Timeout.InfiniteTimeSpan, lifetime);
    }

    /// <summary>
    /// Closes the connection in the middle of the body. A reset could overtake what was sent before it, so this says goodbye first
    /// and resets when the client has left, after a second at the latest.
    /// </summary>
    private async Task HangUpAsync()
    {
        http.Features.Get<IConnectionSocketFeature>()?.Socket.Shutdown(SocketShutdown.Send);
        await Task.Delay(TimeSpan.FromSeconds(1), lifetime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, bool flush)
    {
        if (damage == Damage.Crlf)
            bytes = WireDamage.ToCrlf(bytes.Span);
        if (damage == Damage.SplitUtf8)
        {
            foreach (var piece in WireDamage.Split(bytes))
            {
                await response.BodyWriter.WriteAsync(piece, lifetime);
                await Task.Delay(1, lifetime); // Real time on purpose: the pieces must leave in packets of their own.
            }

            return;
        }

        response.BodyWriter.Write(bytes.Span);
        unflushed += bytes.Length;
        if (!flush && unflushed < UnpacedFlushBytes)
            return;
        unflushed = 0;
        await response.BodyWriter.FlushAsync(lifetime);
    }
}
