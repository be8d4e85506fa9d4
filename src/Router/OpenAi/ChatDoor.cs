using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// The door for clients that speak OpenAI's chat completions. Each request is a job like any other: ledger, quota, budget, memory, checks and tests are the
/// same. Code goes out when it is checked, text as it is written; a client that leaves cancels its job.
/// </summary>
internal sealed partial class ChatDoor(JobRuns runs, Cancellation cancellation, IOptions<RouterOptions> options, TimeProvider time, ILogger<ChatDoor> log)
{
    private const string JobHeader = "x-platform-job";
    private const int BodyPerTask = 8;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>Maps the door's paths.</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/chat/completions", static (HttpContext context, ChatDoor door) => door.ServeAsync(context));
        app.MapGet("/v1/models", static () => Results.Json(new { @object = "list", data = ChatModel.All.Select(Document) }));
        app.MapGet("/v1/models/{id}", static (string id) => ChatModel.Find(id) is { } model
            ? Results.Json(Document(model))
            : Error(new ChatException(404, "invalid_request_error", "model_not_found", $"model '{RequestRules.Shorten(id)}' is unknown.", "model")));
    }

    private async Task ServeAsync(HttpContext context)
    {
        var token = context.RequestAborted;
        try
        {
            await AnswerAsync(context, await ReadAsync(context, token), token);
        }
        catch (Exception) when (token.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception e)
        {
            await RefuseAsync(context, ChatErrors.Of(e) ?? Defect(e), token);
        }
    }

    private async Task<ChatWish> ReadAsync(HttpContext context, CancellationToken token)
    {
        var most = (long)options.Value.MaxTaskBytes * BodyPerTask;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = most;
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: token);
            var key = context.Request.Headers["Idempotency-Key"].ToString();
            return ChatRequestReader.Read(body.RootElement, key.Length > 0 ? key : null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new ChatException(413, "invalid_request_error", "too_large", $"The body has more than {most:N0} bytes, which is the limit.");
        }
    }

    private async Task AnswerAsync(HttpContext context, ChatWish wish, CancellationToken token)
    {
        var tenant = Caller.Of(context).Tenant;
        await using var events = runs.RunAsync(tenant, wish.Request, token).GetAsyncEnumerator(token);
        await events.MoveNextAsync();
        var (jobId, isOwn) = (events.Current.JobId, !events.Current.Accepted.Existing);
        context.Response.Headers[JobHeader] = jobId;
        var answer = new ChatAnswer(jobId, wish.Model, time.GetUtcNow().ToUnixTimeSeconds());
        try
        {
            await FollowAsync(events, context.Response, wish, answer, token);
        }
        catch (Exception) when (isOwn && (token.IsCancellationRequested || context.Response.HasStarted))
        {
            // Whoever asked is gone, or cannot use what is still to come.
            await cancellation.CancelAsync(tenant, "id", jobId, "the client left", CancellationToken.None);
            throw;
        }
    }

    private async Task FollowAsync(IAsyncEnumerator<JobEvent> events, HttpResponse response, ChatWish wish, ChatAnswer answer, CancellationToken token)
    {
        var stream = wish.Stream ? new ChatStream(response, answer) : null;
        while (await NextAsync(events, stream, token))
        {
            var what = events.Current;
            switch (what.WhatCase)
            {
                case JobEvent.WhatOneofCase.Token when stream is not null && wish.Model.IsLive && !what.Token.Reasoning:
                    await stream.WriteAsync(what.Token.Draft, what.Token.Text, token);
                    break;
                case JobEvent.WhatOneofCase.Completed when stream is not null:
                    await stream.EndAsync(what.Completed, wish.WithUsage, token);
                    return;
                case JobEvent.WhatOneofCase.Completed:
                    await response.WriteAsJsonAsync(answer.Whole(what.Completed), token);
                    return;
                case JobEvent.WhatOneofCase.Failed or JobEvent.WhatOneofCase.Cancelled:
                    throw ChatErrors.Of(what.JobId, what.Failed ?? what.Cancelled);
            }
        }
    }

    /// <summary>The next event. While none comes a stream is kept alive; nobody else notices.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<JobEvent> events, ChatStream? stream, CancellationToken token)
    {
        var next = events.MoveNextAsync().AsTask();
        while (stream is not null && !token.IsCancellationRequested)
        {
            try
            {
                return await next.WaitAsync(Beat, time, CancellationToken.None);
            }
            catch (TimeoutException) when (!next.IsFaulted)
            {
                try
                {
                    await stream.BeatAsync(token);
                }
                catch (Exception e) when (e is IOException or OperationCanceledException)
                {
                    // The client left; the events end by the same token.
                    break;
                }
            }
        }

        return await next;
    }

    private ChatException Defect(Exception e)
    {
        var id = Guid.NewGuid().ToString("N")[..12];
        LogDefect(id, e);
        return new ChatException(500, "server_error", "internal", $"The call failed inside the platform (error {id}); the log says why.");
    }

    private static async Task RefuseAsync(HttpContext context, ChatException error, CancellationToken token)
    {
        if (context.Response.HasStarted)
            await ChatStream.ErrorAsync(context.Response, error, token);
        else
            await Error(error).ExecuteAsync(context);
    }

    private static IResult Error(ChatException error) => Results.Json<JsonObject>(ChatAnswer.Error(error), statusCode: error.Status);

    private static object Document(ChatModel model) => new { id = model.Id, @object = "model", created = 0, owned_by = "platform", description = model.Purpose };

    [LoggerMessage(Level = LogLevel.Error, Message = "A chat completion failed (error {Id}).")]
    private partial void LogDefect(string id, Exception e);
}
