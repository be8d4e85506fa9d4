using System.Diagnostics;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// One call to one engine under the deadlines: first token, silence between tokens, whole answer. Counts what it used however
/// it ends.
/// </summary>
internal sealed class EngineCall(InferenceOptions options, EnginePaces paces, TimeProvider time)
{
    /// <summary>What may still come after the finish reason: the count of tokens.</summary>
    private static readonly TimeSpan AfterFinish = TimeSpan.FromSeconds(2);

    /// <summary>Makes the call when its turn comes.</summary>
    /// <exception cref="EngineException">It failed; <see cref="Tally"/> has what it cost.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped, or another call was faster; the upstream call is aborted.</exception>
    public async Task<EngineAnswer> RunAsync(JobRun run, CallPlan plan, CancellationToken token)
    {
        var (engine, model, request) = (plan.Engine, plan.Model, plan.Request);
        using var place = await TakeTurnAsync(run, plan, token);
        place.Flow();
        using var activity = Begin(engine, model, request);
        var builder = new AnswerBuilder(engine, model.Id, plan.PromptTokens);
        var watch = new CallClock(time);
        run.Tally.Call(engine.Simulated);
        run.Progress.Say(said => said.EngineStarted = new EngineStarted { Engine = engine.Name, Model = model.Id, Attempt = run.Attempt, Reason = plan.Reason });
        Exception? error = null;
        try
        {
            await ReceiveAsync(run, plan, builder, watch, token);
            var (text, calls, message) = builder.Build();
            if (request.Schema is { } schema && JsonAnswer.Problem(text, schema) is { } problem)
                throw new EngineException(FailureKind.Schema, $"{engine.Name} did not keep to response_schema: {problem}");
            return new EngineAnswer(text, calls, message, engine, builder.Model, watch.FirstTokenMs, watch.ElapsedMs);
        }
        catch (Exception failure)
        {
            error = failure;
            if (failure is OperationCanceledException or EngineException { WasAccepted: true })
                builder.AssumeBilled();
            if (failure is EngineException broken)
                broken.Partial = builder.Text;
            throw;
        }
        finally
        {
            Settle(run, engine, model, builder);
            place.End = EndOf(request, builder, watch, error);
            End(activity, engine, model, builder, watch, error switch { null => null, EngineException known => known.Kind.ToString(), _ => error.GetType().Name });
        }
    }

    private async Task<PacedCall> TakeTurnAsync(JobRun run, CallPlan plan, CancellationToken token)
    {
        using var line = run.Budget.StandInLine();
        return await paces.Of(plan.Engine, plan.Model.Id).EnterAsync(plan.Reserved, run.IsBatch, plan.Patience, plan.Last, token);
    }

    private static CallEnd EndOf(EngineRequest request, AnswerBuilder builder, CallClock watch, Exception? error)
    {
        var usage = builder.Usage;
        var failure = error as EngineException;
        // What the cache served is free of the tokens a minute that matter.
        return new CallEnd(error is null, failure?.Kind, failure?.RetryAfter, usage.InputUncached + usage.CacheWritten + usage.Output, request.Stream && watch.FirstTokenMs > 0 ? watch.FirstTokenMs : null);
    }

    private async Task ReceiveAsync(JobRun run, CallPlan plan, AnswerBuilder builder, CallClock watch, CancellationToken token)
    {
        var (engine, request) = (plan.Engine, plan.Request);
        var first = TimeSpan.FromSeconds(request.Stream ? options.FirstTokenSeconds : options.AnswerSeconds);
        using var deadline = new CancellationTokenSource(first, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, deadline.Token);
        var outlet = request.Outlet ?? new ProgressOutlet(run.Progress);
        try
        {
            if (request.Stream)
                await StreamAsync(run, plan, outlet, builder, watch, deadline, either.Token);
            else
                Pass(run, outlet, watch, builder.Add(await engine.Client.GetResponseAsync(request.Messages, Options(plan), either.Token)));
        }
        catch (Exception failure) when (builder.Finished && deadline.IsCancellationRequested && !token.IsCancellationRequested && failure is OperationCanceledException or EngineException)
        {
            // The answer is complete and paid for; only the closing mark of the stream did not come.
        }
        catch (Exception failure) when (deadline.IsCancellationRequested && !token.IsCancellationRequested && failure is OperationCanceledException or EngineException)
        {
            throw builder.Begun
                ? new EngineException(FailureKind.IdleGap, $"{engine.Name} fell silent for {options.IdleGapSeconds:0.##} s in the middle of its answer.", failure)
                : new EngineException(FailureKind.FirstToken, $"{engine.Name} gave no {(request.Stream ? "first token" : "answer")} within {first.TotalSeconds:0.##} s.", failure);
        }
    }

    private async Task StreamAsync(
        JobRun run, CallPlan plan, ITokenOutlet outlet, AnswerBuilder builder, CallClock watch, CancellationTokenSource deadline, CancellationToken token)
    {
        var gap = TimeSpan.FromSeconds(options.IdleGapSeconds);
        await foreach (var update in plan.Engine.Client.GetStreamingResponseAsync(plan.Request.Messages, Options(plan), token))
        {
            Pass(run, outlet, watch, builder.Add(update));
            // Before the first token only tokens count: keep-alives of an engine that never answers must not keep a job waiting.
            if (builder.Begun)
                deadline.CancelAfter(builder.Finished && gap > AfterFinish ? AfterFinish : gap);
        }
    }

    private static void Pass(JobRun run, ITokenOutlet outlet, CallClock watch, (string Text, string Thought) piece)
    {
        if (piece.Text.Length + piece.Thought.Length == 0)
            return;
        if (watch.MarkFirstToken() && outlet is not SilentOutlet)
            run.Tally.FirstTokenMs ??= run.SinceClaimMs;
        if (!outlet.Take(piece.Thought, piece.Text))
            throw new OperationCanceledException("Another call was faster.");
    }

    private static ChatOptions Options(CallPlan plan) => new()
    {
        ModelId = plan.Model.Id,
        Temperature = plan.Engine.Entry.Has(EngineQuirks.NoTemperature) ? null : plan.Request.Temperature,
        MaxOutputTokens = plan.MaxOutputTokens,
        Tools = plan.Request.Tools,
        ResponseFormat = plan.Request.Schema is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "answer") : null,
        AdditionalProperties = plan.Model.RequestFields.Count == 0 ? null : new AdditionalPropertiesDictionary(plan.Model.RequestFields.Select(field => KeyValuePair.Create<string, object?>(field.Key, field.Value))),
        ToolMode = plan.Request.Tools is { Count: > 0 } ? plan.Request.ToolMode : null,
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
        // Without the engine's own word a call that was broken off still says how it ended.
        activity?.SetTag("gen_ai.response.finish_reasons", new[] { builder.Finish ?? (error == nameof(OperationCanceledException) || error == nameof(TaskCanceledException) ? "cancelled" : error is null ? "unknown" : "error") });
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
