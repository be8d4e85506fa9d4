using System.Diagnostics;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// One call to one engine under the deadlines: first token, silence between tokens, whole answer. Counts what it used however
/// it ends.
/// </summary>
internal sealed class EngineCall(InferenceOptions options, EngineGates gates, TimeProvider time)
{
    /// <summary>Makes the call.</summary>
    /// <exception cref="EngineException">It failed; <see cref="Tally"/> has what it cost.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped; the upstream call is aborted.</exception>
    public async Task<EngineAnswer> RunAsync(JobRun run, Engine engine, EngineModel model, EngineRequest request, long promptTokens, CancellationToken token)
    {
        using var place = await gates.EnterAsync(engine, model.Id, token);
        using var activity = Begin(engine, model, request);
        var builder = new AnswerBuilder(engine, model.Id, promptTokens);
        var watch = new CallClock(time);
        run.Tally.Call(engine.Simulated);
        string? error = null;
        try
        {
            await ReceiveAsync(run, engine, model, request, builder, watch, token);
            var (text, calls, message) = builder.Build();
            return new EngineAnswer(text, calls, message, engine, builder.Model, watch.FirstTokenMs, watch.ElapsedMs);
        }
        catch (Exception failure)
        {
            error = failure is EngineException known ? known.Kind.ToString() : failure.GetType().Name;
            if (failure is OperationCanceledException or EngineException { WasAccepted: true })
                builder.AssumeBilled();
            throw;
        }
        finally
        {
            Settle(run, engine, model, builder);
            End(activity, engine, model, builder, watch, error);
        }
    }

    private async Task ReceiveAsync(JobRun run, Engine engine, EngineModel model, EngineRequest request, AnswerBuilder builder, CallClock watch, CancellationToken token)
    {
        var first = TimeSpan.FromSeconds(request.Stream ? options.FirstTokenSeconds : options.AnswerSeconds);
        using var deadline = new CancellationTokenSource(first, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, deadline.Token);
        try
        {
            if (request.Stream)
                await StreamAsync(run, engine, request, Options(engine, model, request), builder, watch, deadline, either.Token);
            else
                Pass(run, watch, builder.Add(await engine.Client.GetResponseAsync(request.Messages, Options(engine, model, request), either.Token)));
        }
        catch (Exception failure) when (deadline.IsCancellationRequested && !token.IsCancellationRequested && failure is OperationCanceledException or EngineException)
        {
            throw builder.Begun
                ? new EngineException(FailureKind.IdleGap, $"{engine.Name} fell silent for {options.IdleGapSeconds:0.##} s in the middle of its answer.", failure)
                : new EngineException(FailureKind.FirstToken, $"{engine.Name} gave no {(request.Stream ? "first token" : "answer")} within {first.TotalSeconds:0.##} s.", failure);
        }
    }

    private async Task StreamAsync(
        JobRun run, Engine engine, EngineRequest request, ChatOptions chat, AnswerBuilder builder, CallClock watch, CancellationTokenSource deadline, CancellationToken token)
    {
        var gap = TimeSpan.FromSeconds(options.IdleGapSeconds);
        await foreach (var update in engine.Client.GetStreamingResponseAsync(request.Messages, chat, token))
        {
            Pass(run, watch, builder.Add(update));
            // Before the first token only tokens count: keep-alives of an engine that never answers must not keep a job waiting.
            if (builder.Begun)
                deadline.CancelAfter(gap);
        }
    }

    private static void Pass(JobRun run, CallClock watch, (string Text, string Thought) piece)
    {
        if (piece.Text.Length + piece.Thought.Length == 0)
            return;
        if (watch.MarkFirstToken())
            run.Tally.FirstTokenMs ??= run.SinceClaimMs;
        run.Progress.Token(piece.Thought, reasoning: true);
        run.Progress.Token(piece.Text, reasoning: false);
    }

    private static ChatOptions Options(Engine engine, EngineModel model, EngineRequest request) => new()
    {
        ModelId = model.Id,
        Temperature = engine.Entry.Has(EngineQuirks.NoTemperature) ? null : request.Temperature,
        MaxOutputTokens = Math.Min(request.MaxOutputTokens, model.MaxOutputTokens),
        Tools = request.Tools,
        ToolMode = request.Tools is { Count: > 0 } ? request.ToolMode : null,
    };

    private static void Settle(JobRun run, Engine engine, EngineModel model, AnswerBuilder builder)
    {
        var usage = builder.Usage;
        if (usage.InputUncached + usage.InputCached + usage.CacheWritten + usage.Output > 0)
            run.Tally.Use(usage, Pricing.Cost(usage, model.Price), builder.RawUsage);
        if (engine.Simulated || builder.Model.StartsWith("simulated", StringComparison.OrdinalIgnoreCase))
            run.Tally.MarkSimulated();
    }

    private static Activity? Begin(Engine engine, EngineModel model, EngineRequest request)
    {
        var activity = InferenceTelemetry.Source.StartActivity($"chat {model.Id}", ActivityKind.Client);
        activity?.SetTag("gen_ai.operation.name", "chat");
        activity?.SetTag("gen_ai.provider.name", Provider(engine));
        activity?.SetTag("gen_ai.request.model", model.Id);
        activity?.SetTag("gen_ai.request.max_tokens", request.MaxOutputTokens);
        activity?.SetTag("server.address", engine.Entry.BaseUrl.Host);
        return activity;
    }

    private static void End(Activity? activity, Engine engine, EngineModel model, AnswerBuilder builder, CallClock watch, string? error)
    {
        var tags = new TagList
        {
            { "gen_ai.operation.name", "chat" }, { "gen_ai.provider.name", Provider(engine) }, { "gen_ai.request.model", model.Id }, { "gen_ai.response.model", builder.Model },
        };
        if (error is not null)
            tags.Add("error.type", error);
        InferenceTelemetry.CallDuration.Record(watch.ElapsedMs / 1000, tags);
        if (watch.FirstTokenMs > 0)
            InferenceTelemetry.FirstToken.Record(watch.FirstTokenMs / 1000, tags);
        var usage = builder.Usage;
        var input = usage.InputUncached + usage.InputCached + usage.CacheWritten;
        InferenceTelemetry.Tokens.Record(input, [.. tags, new("gen_ai.token.type", "input")]);
        InferenceTelemetry.Tokens.Record(usage.Output, [.. tags, new("gen_ai.token.type", "output")]);
        activity?.SetTag("gen_ai.response.model", builder.Model);
        activity?.SetTag("gen_ai.usage.input_tokens", input);
        activity?.SetTag("gen_ai.usage.output_tokens", usage.Output);
        if (builder.Finish is { } finish)
            activity?.SetTag("gen_ai.response.finish_reasons", new[] { finish });
        if (error is not null)
            activity?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error, error);
    }

    private static string Provider(Engine engine) => engine.Entry.Kind switch
    {
        EngineKind.Anthropic => "anthropic",
        EngineKind.Cerebras => "cerebras",
        _ => engine.Name.ToLowerInvariant(),
    };
}

/// <summary>Times one call.</summary>
internal sealed class CallClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>From sending to the first token, in milliseconds; 0 before it.</summary>
    public double FirstTokenMs { get; private set; }

    /// <summary>Since sending, in milliseconds.</summary>
    public double ElapsedMs => time.GetElapsedTime(start).TotalMilliseconds;

    /// <summary>True the first time.</summary>
    public bool MarkFirstToken()
    {
        if (FirstTokenMs > 0)
            return false;
        FirstTokenMs = Math.Max(ElapsedMs, 0.001);
        return true;
    }
}
