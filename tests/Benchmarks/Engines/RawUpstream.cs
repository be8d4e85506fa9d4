using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;

namespace Platform.Benchmarks.Engines;

/// <summary>The same upstream without any of us: HttpClient and the framework's event parser. The floor of everything here.</summary>
internal sealed class RawUpstream(Uri address) : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"model":"simulated-stamp","messages":[{"role":"system","content":"You write social posts."},{"role":"user","content":"Write a post about rye bread."}],"stream":true}""");
    private readonly HttpClient _http = new() { BaseAddress = address };

    /// <summary>Asks and hands on every event as it comes.</summary>
    public async Task StreamAsync(Action<ReadOnlySpan<byte>> take)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var item in SseParser.Create(stream, (_, data) => Hand(data, take)).EnumerateAsync())
            GC.KeepAlive(item);
    }

    /// <summary>The text of a chunk; none in the closing mark.</summary>
    public static string TextOf(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("[DONE]"u8))
            return "";
        var reader = new Utf8JsonReader(data);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("content"u8) && reader.Read())
                return reader.GetString() ?? "";
        }

        return "";
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static bool Hand(ReadOnlySpan<byte> data, Action<ReadOnlySpan<byte>> take)
    {
        take(data);
        return true;
    }
}
