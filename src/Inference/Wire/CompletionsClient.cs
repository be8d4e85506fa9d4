using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// Chat completions of Cerebras and of every server that speaks the same family of protocols. It makes one call and reports one
/// outcome: no retry, no deadline, no fallback. An answer that does not say that it is complete is a failure here already.
/// </summary>
internal sealed class CompletionsClient(EngineEntry entry, HttpClient http, int gzipFromBytes) : IChatClient
{
    private const int LongestAnswer = 32 * 1024 * 1024;
    private readonly Uri route = EngineHttp.Route(entry, "/chat/completions");

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(messages, options, stream: false, cancellationToken);
        var answer = await GuardAsync(() => ReadAnswerAsync(response, cancellationToken), cancellationToken);
        if (answer.Error.ValueKind == JsonValueKind.Object)
            throw WireErrors.InStream(entry.Name, answer);
        var choice = answer.Choices is [var first, ..] ? first : throw Broken("without a choice");
        if (WireContent.Finish(choice.FinishReason) is not { } finish)
            throw Broken("without a finish_reason");
        var contents = WireContent.Contents(choice.Message);
        var tools = new ToolCallAssembler();
        choice.Message?.ToolCalls?.ForEach(tools.Add);
        contents.AddRange(tools.Build());
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, contents))
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            FinishReason = finish,
            Usage = WireContent.Usage(answer.Usage),
            AdditionalProperties = Facts(answer),
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(messages, options, stream: true, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is not "text/event-stream" and var type)
            throw Broken($"as '{type}' instead of an event stream");
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var reader = new TokenChunkReader();
        await using var chunks = SseParser.Create(stream, reader.Read).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var tools = new ToolCallAssembler();
        var finished = false;
        while (await MoveAsync(chunks, finished, cancellationToken) && chunks.Current.Data is { Done: false } token)
        {
            if (token.Whole is not { } chunk)
            {
                yield return ToUpdate(token);
                continue;
            }

            if (chunk.Error.ValueKind is JsonValueKind.Object or JsonValueKind.String || chunks.Current.EventType == "error")
                throw WireErrors.InStream(entry.Name, chunk);
            var update = ToUpdate(chunk, tools);
            finished |= update.FinishReason is not null;
            yield return update;
        }

        if (!finished)
            throw Broken("that ended without a finish_reason");
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata(entry.Name.ToLowerInvariant(), entry.BaseUrl, entry.Quality.Id)
        : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private async Task<HttpResponseMessage> SendAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = Body(WireRequest.Write(entry, messages, options ?? new(), stream)) };
        request.Version = http.DefaultRequestVersion;
        request.VersionPolicy = http.DefaultVersionPolicy;
        if (!entry.ApiKey.IsEmpty)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", entry.ApiKey.Value);
        request.Headers.Accept.ParseAdd(stream ? "text/event-stream" : "application/json");
        return await GuardAsync(() => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), token, FailureKind.Network);
    }

    private HttpContent Body(ReadOnlyMemory<byte> json)
    {
        var compress = json.Length >= gzipFromBytes && entry.Has(EngineQuirks.Gzip);
        var content = new ReadOnlyMemoryContent(compress ? Compress(json.Span) : json);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (compress)
            content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] Compress(ReadOnlySpan<byte> json)
    {
        using var packed = new MemoryStream(json.Length / 4);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(json);
        return packed.ToArray();
    }

    private static async Task<WireAnswer> ReadAnswerAsync(HttpResponseMessage response, CancellationToken token)
    {
        await response.Content.LoadIntoBufferAsync(LongestAnswer, token);
        await using var body = await response.Content.ReadAsStreamAsync(token);
        return await JsonSerializer.DeserializeAsync(body, WireJson.Default.WireAnswer, token) ?? throw new JsonException("null");
    }

    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<SseItem<TokenChunk>> chunks, bool finished, CancellationToken token)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (Exception failure) when (finished && failure is HttpRequestException or IOException && !token.IsCancellationRequested)
        {
            // The answer is complete; only its closing mark was lost.
            return false;
        }
        catch (Exception failure) when (IsBreak(failure, token))
        {
            throw Broken("that broke off", failure);
        }
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken token, FailureKind kind = FailureKind.Truncated)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (IsBreak(failure, token))
        {
            throw kind == FailureKind.Network
                ? new EngineException(kind, $"{entry.Name} at {entry.BaseUrl.Host} cannot be reached: {failure.Message}", failure)
                : Broken("that broke off", failure);
        }
    }

    private static bool IsBreak(Exception failure, CancellationToken token) =>
        failure is HttpRequestException or IOException or JsonException or InvalidOperationException
        || (failure is OperationCanceledException && !token.IsCancellationRequested);

    private static ChatResponseUpdate ToUpdate(TokenChunk token) =>
        new(ChatRole.Assistant, WireContent.Contents(token.Thought, token.Text)) { ResponseId = token.Id, ModelId = token.Model };

    private static ChatResponseUpdate ToUpdate(WireAnswer chunk, ToolCallAssembler tools)
    {
        var choice = chunk.Choices is [var first, ..] ? first : null;
        choice?.Delta?.ToolCalls?.ForEach(tools.Add);
        var contents = WireContent.Contents(choice?.Delta);
        var finish = WireContent.Finish(choice?.FinishReason);
        if (finish is not null && tools.Any)
            contents.AddRange(tools.Build());
        if (WireContent.Usage(chunk.Usage) is { } usage)
            contents.Add(new UsageContent(usage));
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = chunk.Id,
            ModelId = chunk.Model,
            FinishReason = finish,
            AdditionalProperties = Facts(chunk, choice?.Delta?.ToolCalls is { Count: > 0 }),
        };
    }

    private static AdditionalPropertiesDictionary? Facts(WireAnswer answer, bool hasToolPart = false)
    {
        AdditionalPropertiesDictionary? facts = null;
        if (answer.Usage.ValueKind == JsonValueKind.Object)
            (facts ??= []).Add(WireContent.RawUsage, answer.Usage.GetRawText());
        if (answer.TimeInfo is { } times)
            (facts ??= []).Add(WireContent.Times, times);
        if (hasToolPart)
            (facts ??= []).Add(WireContent.ToolPart, true);
        return facts;
    }

    private EngineException Broken(string how, Exception? inner = null) => new(FailureKind.Truncated, $"{entry.Name} sent an answer {how}.", inner);
}

/// <summary>Speaks to Cerebras.</summary>
internal sealed class CerebrasProtocol(InferenceOptions options) : IEngineProtocol
{
    public EngineKind Kind => EngineKind.Cerebras;

    public IChatClient Create(EngineEntry entry, HttpClient http) => new CompletionsClient(entry, http, options.GzipFromBytes);
}

/// <summary>Speaks to servers that are compatible with OpenAI's chat completions, with the quirks that configuration names.</summary>
internal sealed class OpenAiProtocol(InferenceOptions options) : IEngineProtocol
{
    public EngineKind Kind => EngineKind.OpenAi;

    public IChatClient Create(EngineEntry entry, HttpClient http) => new CompletionsClient(entry, http, options.GzipFromBytes);
}
