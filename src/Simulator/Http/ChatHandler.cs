using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Simulator.Answers;
using Platform.Simulator.Faults;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Http;

/// <summary>
/// Takes a call through its steps: key, body, model, fault, quota, answer, delivery. The same for every API; what differs
/// stands behind <see cref="IApi"/>.
/// </summary>
internal sealed class ChatHandler(SimulatorOptions options, CancellationToken stopping)
{
    private readonly PrefixCache cache = new(options.Clock);
    private readonly RateLimiter limiter = new(options.RequestsPerMinute, options.TokensPerMinute, options.Clock);
    private readonly AnswerSource answers = new(options.Script, options.Seed);
    private long warmUps;

    public FaultSchedule Faults { get; } = new(options.Faults, options.Seed);

    public CallLog Log { get; } = new(options.CallLogCapacity, options.Clock);

    public long WarmUps => Interlocked.Read(ref warmUps);

    public IReadOnlyDictionary<string, long> RuleCalls => answers.RuleCalls;

    public void CountWarmUp() => Interlocked.Increment(ref warmUps);

    public async Task HandleAsync(HttpContext http, IApi api)
    {
        using var lifetime = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        var call = Log.Begin(api.Engine, http.Request);
        http.Response.Headers[Labels.Header] = "true";
        try
        {
            await AnswerAsync(http, api, call, lifetime.Token);
        }
        catch (Exception failure) when (lifetime.IsCancellationRequested && failure is OperationCanceledException or IOException)
        {
            http.Abort();
        }
        finally
        {
            call.Status = http.Response.StatusCode;
            Log.End(call, http.RequestAborted.IsCancellationRequested && call.Fault is not ("cut" or "cut-early"));
        }
    }

    private async Task AnswerAsync(HttpContext http, IApi api, SimulatedCall call, CancellationToken lifetime)
    {
        var start = options.Clock.GetTimestamp();
        if (api.Authorize(http.Request.Headers, options.ApiKey) is { } unauthorized)
        {
            await Delivery.SendErrorAsync(http.Response, unauthorized, lifetime);
            return;
        }

        var (bytes, refusal, detail) = await RequestBody.ReadAsync(http.Request, lifetime);
        if (Log.Keeps)
            call.Body = Encoding.UTF8.GetString(bytes);
        using var document = refusal is null ? Parse(bytes, ref detail) : null;
        ReadResult read = document is null ? api.Error(refusal ?? Refusal.BadRequest, detail, 0) : Read(api, document.RootElement);
        if (read.Error is { } unreadable)
        {
            await Delivery.SendErrorAsync(http.Response, unreadable, lifetime);
            return;
        }

        await AnswerAsync(http, api, call, read.Request!, start, lifetime);
    }

    private async Task AnswerAsync(HttpContext http, IApi api, SimulatedCall call, ChatRequest request, long start, CancellationToken lifetime)
    {
        (call.Model, call.Stream, call.Prompt) = (request.Model, request.Stream, Log.Keeps ? request.Prompt : "");
        var profile = ModelProfiles.Find(api.Engine, request.Model);
        Fault? fault = null;
        var error = Check(api, request, profile) ?? Refuse(api, request, fault = Faults.Draw(call.Number, api.Engine));
        var admission = error is null ? Admit(http, api, request, profile) : default;
        error ??= admission.Error;
        if (error is null)
        {
            var answer = answers.Find(api.Engine, request, profile);
            fault ??= answer.Fault is { } scripted ? Fault.Find(scripted) : null;
            error = Refuse(api, request, fault);
            answer = AnswerLimits.Apply(answer, request, profile, fault?.Damage ?? Damage.None);
            var usage = error is null ? new Usage(request.PromptTokens, admission.Cached, answer.Tokens, TokenCount.Of(answer.Reasoning)) : default;
            limiter.Settle(admission.Reservation!, usage.Total - usage.Cached, usage.Total);
            (call.Fault, call.Answer) = (fault?.Name, answer.Text);
            if (error is null)
            {
                await DeliverAsync(http, api, call, Begin(call, request, profile, answer, usage, start), fault, lifetime);
                return;
            }
        }

        call.Fault = fault?.Name;
        await Delivery.SendErrorAsync(http.Response, error, lifetime);
    }

    private async Task DeliverAsync(HttpContext http, IApi api, SimulatedCall call, Exchange exchange, Fault? fault, CancellationToken lifetime)
    {
        if (fault?.Damage == Damage.SlowFirstByte)
            await Task.Delay(options.SlowFirstByte, options.Clock, lifetime);
        var delivery = new Delivery(http, api, exchange, fault, lifetime);
        await (call.Stream ? delivery.SendStreamAsync() : delivery.SendAnswerAsync());
    }

    private Exchange Begin(SimulatedCall call, ChatRequest request, ModelProfile profile, Answer answer, Usage usage, long start)
    {
        var pace = ModelProfiles.PaceOf(profile, request.Model, options);
        if (answer.FirstToken is { } first)
            pace = pace with { FirstToken = first };
        var seed = unchecked(((ulong)options.Seed << 32) ^ ((ulong)call.Number * 0x9E3779B97F4A7C15));
        return new Exchange(request, answer, usage, pace, seed, options.Clock, start);
    }

    /// <summary>Looks into the prefix cache, reserves the quota and writes the rate headers.</summary>
    private (int Cached, Reservation? Reservation, ApiError? Error) Admit(HttpContext http, IApi api, ChatRequest request, ModelProfile profile)
    {
        var scope = $"{api.Engine}/{request.Model}";
        var cached = request.Cached ? cache.Visit(scope, request.Prompt) : 0;
        // Without an output limit the upper bound counts, but no more than 16,384 tokens: otherwise small tiers could never call.
        var total = request.PromptTokens + (request.MaxTokens ?? Math.Min(16_384, profile.MaxOutput));
        var reservation = limiter.Reserve(scope, total - cached, total);
        api.AddRateHeaders(http.Response.Headers, reservation.Readings, options.Clock.GetUtcNow());
        var error = reservation.Hit == LimitHit.None ? null : api.Error(RefusalOf(reservation.Hit), request.Model, reservation.RetryAfterSeconds);
        return (cached, reservation, error);
    }

    private ApiError? Check(IApi api, ChatRequest request, ModelProfile profile)
    {
        if (ModelProfiles.IsArchived(api.Engine, request.Model))
            return api.Error(Refusal.ArchivedModel, request.Model, 0);
        if (options.Models is { } known && !known.Contains(request.Model))
            return api.Error(Refusal.UnknownModel, request.Model, 0);
        var needed = request.PromptTokens + (long)(request.MaxTokens ?? 0);
        return needed > profile.Context ? api.Error(Refusal.ContextLength, $"Current length is {needed} while limit is {profile.Context}", 0) : null;
    }

    private static ApiError? Refuse(IApi api, ChatRequest request, Fault? fault) =>
        fault?.Refusal is { } refusal ? api.Error(refusal, request.Model, RetryAfter(refusal)) : null;

    private static Refusal RefusalOf(LimitHit hit) => hit switch
    {
        LimitHit.Requests => Refusal.RequestQuota,
        LimitHit.TotalTokens => Refusal.TotalTokenQuota,
        _ => Refusal.TokenQuota,
    };

    private static double RetryAfter(Refusal refusal) => refusal switch
    {
        Refusal.RequestQuota or Refusal.TokenQuota => 60,
        Refusal.LongQuota => 86_399,
        _ => 0,
    };

    private static JsonDocument? Parse(byte[] bytes, ref string detail)
    {
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException failure)
        {
            detail = $": Invalid JSON: {failure.Message}";
            return null;
        }
    }

    private static ReadResult Read(IApi api, JsonElement body)
    {
        try
        {
            return api.Read(body);
        }
        catch (InvalidOperationException)
        {
            // The only text that the parser lets through and GetString refuses: half of a surrogate pair.
            return api.Error(Refusal.BadRequest, ": Invalid JSON: lone surrogate in a string", 0);
        }
    }
}
