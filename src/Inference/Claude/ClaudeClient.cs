using System.Runtime.CompilerServices;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>Speaks to the Anthropic Messages API through the official package, with its retries switched off: the worker has its own.</summary>
internal sealed class ClaudeProtocol : IEngineProtocol
{
    public EngineKind Kind => EngineKind.Anthropic;

    public IChatClient Create(EngineEntry entry, HttpClient http)
    {
        var client = new AnthropicClient
        {
            ApiKey = entry.ApiKey.Value,
            BaseUrl = EngineHttp.Root(entry),
            HttpClient = http,
            MaxRetries = 0,
            Timeout = TimeSpan.FromHours(1),
        };
        return new ClaudeClient(entry, client.AsIChatClient(entry.Quality.Id, entry.Quality.MaxOutputTokens));
    }
}

/// <summary>Gives the official client the same manners as every engine here: one kind of failure, and no incomplete answer passes as complete.</summary>
internal sealed class ClaudeClient(EngineEntry entry, IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await GuardAsync(() => base.GetResponseAsync(messages, options, cancellationToken), cancellationToken);
        return response.FinishReason is null ? throw Broken("without a stop_reason") : response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var finished = false;
        while (await GuardAsync(() => updates.MoveNextAsync().AsTask(), cancellationToken))
        {
            finished |= updates.Current.FinishReason is not null;
            yield return updates.Current;
        }

        if (!finished)
            throw Broken("that ended without a stop_reason");
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken token)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (!token.IsCancellationRequested && failure is not EngineException)
        {
            throw Classify(failure);
        }
    }

    private EngineException Classify(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case EngineException engine:
                    return engine;
                case AnthropicSseException or AnthropicServiceException:
                    return InStream(cause);
                case HttpRequestException { HttpRequestError: not (HttpRequestError.ResponseEnded or HttpRequestError.Unknown) }:
                    return new EngineException(FailureKind.Network, $"{entry.Name} at {entry.BaseUrl.Host} cannot be reached: {cause.Message}", failure);
                case IOException or JsonException or HttpRequestException or AnthropicInvalidDataException or OperationCanceledException:
                    return Broken("that broke off", failure);
            }
        }

        return new EngineException(FailureKind.BadRequest, $"{entry.Name} could not be asked: {failure.GetType().Name}.", failure);
    }

    // The package puts the event's JSON into the message; the type of the error inside says whether the engine is full or broken.
    private EngineException InStream(Exception failure) => failure.Message.Contains("overloaded_error", StringComparison.Ordinal)
        ? new EngineException(FailureKind.QueuePressure, $"{entry.Name} reported in its stream that it is overloaded.", failure) { InStream = true }
        : new EngineException(FailureKind.StreamError, $"{entry.Name} reported an error inside its stream.", failure) { InStream = true };

    private EngineException Broken(string how, Exception? inner = null) => new(FailureKind.Truncated, $"{entry.Name} sent an answer {how}.", inner);
}
