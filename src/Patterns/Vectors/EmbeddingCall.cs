using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Patterns;

/// <summary>
/// One request to <c>/v1/embeddings</c> and its answer, which is hostile until checked: its size, its count, every index and every number. No redirects (they would carry
/// the key away), and what a server says in an error is shortened and searched for the key before it is shown.
/// </summary>
internal sealed class EmbeddingCall(EmbedderOptions options) : IDisposable
{
    private const int BytesOfNumber = 40;
    private const int LongestErrorBody = 16 * 1024;
    private const int LongestErrorText = 300;
    private static readonly TimeSpan MostWaitAsked = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Vectors of the texts, in their order.</summary>
    /// <exception cref="EmbedderException">There are none; says why and whether trying again helps.</exception>
    public async Task<float[][]> AskAsync(IReadOnlyList<string> texts, TimeSpan within, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(within);
        try
        {
            using var request = Request(texts);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (!response.IsSuccessStatusCode)
                throw await RefusalAsync(response, deadline.Token);
            await response.Content.LoadIntoBufferAsync(((long)texts.Count * options.Dimensions * BytesOfNumber) + LongestErrorBody, deadline.Token);
            return Read(await response.Content.ReadAsByteArrayAsync(deadline.Token), texts.Count);
        }
        catch (OperationCanceledException e) when (!token.IsCancellationRequested)
        {
            throw new EmbedderException(string.Create(CultureInfo.InvariantCulture, $"{Where} did not answer within {within.TotalSeconds:0.###} s."), isTransient: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new EmbedderException($"{Where} cannot be reached: {Shown(e.Message)}", isTransient: true, e);
        }
    }

    public void Dispose() => _http.Dispose();

    private string Where => $"The embedding server {options.Route.GetLeftPart(UriPartial.Path)}";

    private HttpRequestMessage Request(IReadOnlyList<string> texts)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model", options.Model);
            json.WriteStartArray("input");
            foreach (var text in texts)
                json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteString("encoding_format", "float");
            if (options.Shorten)
                json.WriteNumber("dimensions", options.Dimensions);
            json.WriteEndObject();
        }

        var request = new HttpRequestMessage(HttpMethod.Post, options.Route) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (options.Key.Length > 0)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        return request;
    }

    private float[][] Read(byte[] body, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var items = document.RootElement.GetProperty("data");
            if (items.GetArrayLength() != count)
                throw Wrong($"gave {items.GetArrayLength()} vectors for {count} texts.");
            var vectors = new float[count][];
            var place = 0;
            foreach (var item in items.EnumerateArray())
            {
                var index = item.TryGetProperty("index", out var given) ? given.GetInt32() : place;
                if ((uint)index >= (uint)count || vectors[index] is not null)
                    throw Wrong($"gave a vector for text {index} of {count}, or two for it.");
                vectors[index] = Vector(item.GetProperty("embedding"));
                place++;
            }

            return vectors;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Wrong($"gave no answer of /v1/embeddings: {Shown(e.Message)}", e);
        }
    }

    private float[] Vector(JsonElement numbers)
    {
        var length = numbers.GetArrayLength();
        if (length != options.Dimensions)
            throw Wrong($"gives {length} floats a vector; Patterns:Embedder:Dimensions says {options.Dimensions}. Set it to {length}, or Patterns:Embedder:Shorten to true for a model that can shorten.");
        var vector = new float[length];
        var i = 0;
        foreach (var number in numbers.EnumerateArray())
        {
            vector[i] = number.GetSingle();
            if (!float.IsFinite(vector[i++]))
                throw Wrong("gave a vector with a number that is none.");
        }

        return vector;
    }

    private EmbedderException Wrong(string what, Exception? inner = null) => new($"{Where} {what}", isTransient: false, inner);

    private async Task<EmbedderException> RefusalAsync(HttpResponseMessage response, CancellationToken token)
    {
        var status = (int)response.StatusCode;
        var said = await SaidAsync(response, token);
        var hint = status is 401 or 403 ? " Check Patterns:Embedder:Key." : status == 404 ? " Check Patterns:Embedder:Endpoint and Patterns:Embedder:Model." : "";
        return new EmbedderException($"{Where} answered {status}{(said.Length > 0 ? $": {said}" : ".")}{hint}", isTransient: status is 408 or 429 or >= 500)
        {
            IsTooLong = status is 400 or 413,
            RetryAfter = response.Headers.RetryAfter?.Delta is { } delta && delta < MostWaitAsked ? delta : null,
        };
    }

    private async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken token)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestErrorBody, token);
            var text = await response.Content.ReadAsStringAsync(token);
            return Shown(Message(text) ?? text);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return "";
        }
    }

    /// <summary>What stands in <c>error.message</c> (OpenAI, vLLM) or <c>error</c> (Ollama).</summary>
    private static string? Message(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("error", out var error))
                return null;
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("message", out var message))
                error = message;
            return error.ValueKind == JsonValueKind.String ? error.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One short line without the key, which a server may repeat.</summary>
    private string Shown(string text)
    {
        var shown = new StringBuilder(options.Key.Length > 0 ? text.Replace(options.Key, "***", StringComparison.Ordinal) : text);
        for (var i = 0; i < shown.Length; i++)
            shown[i] = char.IsControl(shown[i]) ? ' ' : shown[i];
        return shown.ToString(0, Math.Min(shown.Length, LongestErrorText)).Trim();
    }
}
