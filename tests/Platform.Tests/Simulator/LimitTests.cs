using Platform.Simulator;
using Platform.Simulator.Limits;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class LimitTests
{
    [Fact]
    public async Task Requests_BeyondTheMinute_AnswerQuota429AndComeBackWithTime()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(new() { RequestsPerMinute = 2, Clock = clock });
        using var client = Client(server);

        var (_, _, first) = await PostAsync(client, Chat, ChatBody("x"));
        await PostAsync(client, Chat, ChatBody("x"));
        var (refused, error, response) = await PostAsync(client, Chat, ChatBody("x"));
        clock.Advance(TimeSpan.FromSeconds(30));
        var (later, _, _) = await PostAsync(client, Chat, ChatBody("x"));

        first.Headers.GetValues("x-ratelimit-limit-requests-minute").ShouldBe(["2"]);
        first.Headers.GetValues("x-ratelimit-remaining-requests-minute").ShouldBe(["1"]);
        first.Headers.GetValues("x-ratelimit-limit-requests-day").ShouldBe(["2880"]);
        first.Headers.GetValues("x-ratelimit-reset-requests-minute").ShouldBe(["30"]);
        (refused, error.GetProperty("code").GetString()).ShouldBe((429, "request_quota_exceeded"));
        response.Headers.GetValues("retry-after").ShouldBe(["30"]);
        later.ShouldBe(200);
    }

    [Fact]
    public async Task Tokens_AreReservedFromTheOutputLimitAndGivenBack()
    {
        await using var server = await StartAsync(new() { TokensPerMinute = 10_000, Clock = new ManualClock() });
        using var client = Client(server);

        var (greedy, error, _) = await PostAsync(client, Chat, ChatBody("x", ("max_completion_tokens", 20_000)));
        var (unlimited, _, _) = await PostAsync(client, Chat, ChatBody("x"));
        var (tight, _, first) = await PostAsync(client, Chat, ChatBody("x", ("max_completion_tokens", 9_000)));
        var (again, _, second) = await PostAsync(client, Chat, ChatBody("x", ("max_completion_tokens", 9_000)));

        (greedy, error.GetProperty("code").GetString()).ShouldBe((429, "token_quota_exceeded"));
        unlimited.ShouldBe(429);
        (tight, again).ShouldBe((200, 200));
        first.Headers.GetValues("x-ratelimit-remaining-tokens-minute").Single().ShouldBe("998");
        int.Parse(second.Headers.GetValues("x-ratelimit-remaining-tokens-minute").Single()).ShouldBeInRange(900, 997);
    }

    [Fact]
    public async Task Anthropic_RateHeaders_ResetIsATime()
    {
        await using var server = await StartAsync(new() { RequestsPerMinute = 60, TokensPerMinute = 30_000, Clock = new ManualClock() });
        using var client = Client(server);

        var (_, _, response) = await PostAsync(client, Messages, MessagesBody("x"));

        response.Headers.GetValues("anthropic-ratelimit-requests-reset").ShouldBe(["2026-11-21T12:00:01Z"]);
        response.Headers.GetValues("anthropic-ratelimit-tokens-remaining").ShouldBe(["28000"]);
    }

    [Fact]
    public async Task Cache_SamePrefix_CountsWholeBlocksAndForgetsAfterFiveMinutes()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(new() { Clock = clock });
        using var client = Client(server);
        var prefix = new string('p', 1_100);
        async Task<int> CachedAsync(string end) => (await PostAsync(client, Chat, ChatBody(prefix + end))).Body
            .GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();

        (await CachedAsync("one")).ShouldBe(0);
        (await CachedAsync("two")).ShouldBe(256);
        clock.Advance(TimeSpan.FromMinutes(6));
        (await CachedAsync("three")).ShouldBe(0);
    }

    [Fact]
    public void TotalTokens_CachedOnesCountOnlyThere()
    {
        var limiter = new RateLimiter(null, 1_000, new ManualClock());

        limiter.Reserve("m", uncached: 10, total: 2_900).Hit.ShouldBe(LimitHit.None);
        limiter.Reserve("m", uncached: 10, total: 200).Hit.ShouldBe(LimitHit.TotalTokens);
        limiter.Reserve("m", uncached: 995, total: 20).Hit.ShouldBe(LimitHit.UncachedTokens);
        limiter.Reserve("other", uncached: 995, total: 995).Hit.ShouldBe(LimitHit.None);
    }

    [Fact]
    public void Pace_FollowsModelOptionAndOverride()
    {
        var options = new SimulatorOptions { ModelTokensPerSecond = new Dictionary<string, double> { ["gpt-oss"] = 100 } };
        Pace Of(SimulatorEngine engine, string model, SimulatorOptions from) => ModelProfiles.PaceOf(ModelProfiles.Find(engine, model), model, from);

        Of(SimulatorEngine.Cerebras, "gpt-oss-120b", new()).TokensPerSecond.ShouldBe(3_000);
        Of(SimulatorEngine.Cerebras, "gpt-oss-120b", new()).TokensPerEvent.ShouldBe(15);
        Of(SimulatorEngine.Cerebras, "gpt-oss-120b", options).TokensPerSecond.ShouldBe(100);
        Of(SimulatorEngine.Anthropic, "claude-sonnet-5", options).TokensPerSecond.ShouldBe(80);
        Of(SimulatorEngine.Anthropic, "claude-sonnet-5", options).Due(80).ShouldBe(TimeSpan.FromSeconds(1.5));
        Of(SimulatorEngine.Anthropic, "claude-sonnet-5", new() { TokensPerSecond = 0 }).Due(1_000).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Stream_Paced_SendsNothingBeforeTheFirstTokenIsDue()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(new() { Clock = clock, TimeToFirstToken = TimeSpan.FromSeconds(5), TokensPerSecond = 1_000_000 });
        using var client = Client(server);

        var call = StreamAsync(client, Chat, ChatBody("Tell me about tides"));
        await clock.SomebodyWaits;
        call.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(5));

        var time = Events(await call)[^1].GetProperty("time_info");
        time.GetProperty("total_time").GetDouble().ShouldBe(5, 0.001);
        (time.GetProperty("queue_time").GetDouble() + time.GetProperty("prompt_time").GetDouble()).ShouldBe(5, 0.001);
    }

    [Fact]
    public void Cut_NeverSplitsASurrogatePair()
    {
        TokenCount.Cut("abc🚀def", 1).ShouldBe("abc");
        string.Concat(TokenCount.Pieces("abc🚀def🚀🚀", 1).Select(piece => piece.Text.ToString())).ShouldBe("abc🚀def🚀🚀");
        TokenCount.Pieces("abc🚀def🚀🚀", 1).Count(piece => char.IsHighSurrogate(piece.Text.ToString()[^1])).ShouldBe(0);
    }
}
