using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.V1;

namespace Platform.Router;

/// <summary>Writes an answer as server-sent events. It begins with the first thing to say, so that a job that fails before has a status of its own.</summary>
internal sealed class ChatStream(HttpResponse response, ChatAnswer answer)
{
    private readonly StringBuilder _sent = new();
    private int _draft;

    /// <summary>A piece of text as the engine writes it.</summary>
    /// <exception cref="ChatException">Another engine began anew after text went out.</exception>
    public Task WriteAsync(int draft, string text, CancellationToken token)
    {
        if (_sent.Length > 0 && draft != _draft)
            throw Restarted();
        _draft = draft;
        return PieceAsync(text, token);
    }

    /// <summary>Says that the job is still at work: clients and proxies close connections that say nothing.</summary>
    public Task BeatAsync(CancellationToken token) => SendAsync(": working\n\n", token);

    /// <summary>What of the text did not go out yet, and the end.</summary>
    public async Task EndAsync(JobResult result, bool withUsage, CancellationToken token)
    {
        var (text, sent) = (ChatAnswer.TextOf(result), _sent.ToString());
        if (text.StartsWith(sent, StringComparison.Ordinal))
            await PieceAsync(text[sent.Length..], token);
        else if (sent.Trim() != text)
            throw Restarted();
        await EventAsync(answer.End(result), token);
        if (withUsage)
            await EventAsync(answer.Tokens(result), token);
        await SendAsync("data: [DONE]\n\n", token);
    }

    /// <summary>An error after the answer began.</summary>
    public static Task ErrorAsync(HttpResponse response, ChatException error, CancellationToken token) =>
        response.WriteAsync($"data: {ChatAnswer.Error(error).ToJsonString()}\n\n", token);

    private static ChatException Restarted() =>
        new(502, "server_error", "restarted", "The engine broke off and another one began anew after text had gone out. Ask again, or without 'stream' to get the whole answer.");

    private async Task PieceAsync(string text, CancellationToken token)
    {
        if (text.Length == 0 && _sent.Length > 0)
            return;
        await EventAsync(answer.Piece(text, isFirst: _sent.Length == 0), token);
        _sent.Append(text);
    }

    private Task EventAsync(JsonObject chunk, CancellationToken token) => SendAsync($"data: {chunk.ToJsonString()}\n\n", token);

    private async Task SendAsync(string text, CancellationToken token)
    {
        if (!response.HasStarted)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
            response.Headers["X-Accel-Buffering"] = "no";
        }

        await response.WriteAsync(text, token);
        await response.Body.FlushAsync(token);
    }
}
