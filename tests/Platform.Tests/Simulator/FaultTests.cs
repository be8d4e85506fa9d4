using System.Text.Json.Nodes;
using Platform.Simulator;
using Platform.Simulator.Faults;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class FaultTests
{
    private const string Umlauts = "Größe prüfen: naïve café, 日本語, 🚀🚀 and so on until the text is long enough to be cut into several events";

    private static readonly SimulatorScript Scripted = SimulatorScript.Parse($"rules:\n  - match: ''\n    answers: ['{Umlauts}']");

    [Theory]
    [InlineData("401", 401, "wrong_api_key")]
    [InlineData("402", 402, "payment_required")]
    [InlineData("404-model", 404, "model_not_found")]
    [InlineData("408", 408, "")]
    [InlineData("422", 422, "wrong_api_format")]
    [InlineData("429-queue", 429, "queue_exceeded")]
    [InlineData("429-requests", 429, "request_quota_exceeded")]
    [InlineData("429-tokens", 429, "token_quota_exceeded")]
    [InlineData("429-day", 429, "token_quota_exceeded")]
    [InlineData("500", 500, "")]
    [InlineData("503", 503, "")]
    [InlineData("529", 429, "queue_exceeded")]
    public async Task Refusals_OnCerebras_AreFlatAndHitOneCall(string fault, int status, string code)
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        server.FailNext(fault);

        var (failed, error, _) = await PostAsync(client, Chat, ChatBody("x"));
        var (next, _, _) = await PostAsync(client, Chat, ChatBody("x"));

        (failed, error.GetProperty("code").GetString()).ShouldBe((status, code));
        next.ShouldBe(200);
        server.Calls[0].Fault.ShouldBe(fault);
        server.Calls[0].Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("402", 402, "billing_error")]
    [InlineData("429-tokens", 429, "rate_limit_error")]
    [InlineData("429-day", 429, "rate_limit_error")]
    [InlineData("500", 500, "api_error")]
    [InlineData("529", 529, "overloaded_error")]
    public async Task Refusals_OnAnthropic_AreWrapped(string fault, int status, string type)
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        server.FailNext("anthropic:" + fault);

        var (other, _, _) = await PostAsync(client, Chat, ChatBody("x"));
        var (failed, error, _) = await PostAsync(client, Messages, MessagesBody("x"));

        other.ShouldBe(200);
        (failed, error.GetProperty("error").GetProperty("type").GetString()).ShouldBe((status, type));
    }

    [Fact]
    public async Task Headers_TellRetryableAndFinalRefusalsApart()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        foreach (var fault in (string[])["429-queue", "429-tokens", "429-day", "502-html"])
            server.FailNext(fault);

        var (_, _, queue) = await PostAsync(client, Chat, ChatBody("x"));
        var (_, _, tokens) = await PostAsync(client, Chat, ChatBody("x"));
        var (_, _, day) = await PostAsync(client, Chat, ChatBody("x"));
        var (html, _, page) = await PostAsync(client, Chat, ChatBody("x"));

        queue.Headers.GetValues("x-should-retry").ShouldBe(["false"]);
        tokens.Headers.GetValues("retry-after").ShouldBe(["60"]);
        day.Headers.GetValues("retry-after").ShouldBe(["86399"]);
        html.ShouldBe(502);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Theory]
    [InlineData(Chat, "cut-clean", true)]
    [InlineData(Chat, "cut-clean-early", false)]
    [InlineData(Messages, "cut-clean", true)]
    [InlineData(OpenAiChat, "cut-clean", true)]
    public async Task CutClean_OnStreams_EndsWithoutFinish(string path, string fault, bool hasTokens)
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext(fault);

        var text = await StreamAsync(client, path, path == Messages ? MessagesBody("x") : ChatBody("x"));

        text.Contains("prüfen", StringComparison.Ordinal).ShouldBe(hasTokens);
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("\"finish_reason\":\"");
        text.ShouldNotContain("message_stop");
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("cut-early")]
    public async Task Cut_OnStreamsAndAnswers_BreaksTheConnection(string fault)
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext(fault, 2);

        await Should.ThrowAsync<HttpRequestException>(() => StreamAsync(client, Chat, ChatBody("x")));
        await Should.ThrowAsync<HttpRequestException>(() => PostAsync(client, Chat, ChatBody("x")));
    }

    [Theory]
    [InlineData(Chat, "{\"status_code\":500,\"error\":{\"message\":")]
    [InlineData(Messages, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")]
    [InlineData(OpenAiChat, "data: {\"error\":{\"message\":")]
    public async Task MidStreamError_ComesAfterTokensInTheApisOwnShape(string path, string shape)
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext("mid-stream-error");

        var text = await StreamAsync(client, path, path == Messages ? MessagesBody("x") : ChatBody("x"));

        text.IndexOf("prüfen", StringComparison.Ordinal).ShouldBeInRange(0, text.IndexOf(shape, StringComparison.Ordinal));
        text.ShouldNotContain("[DONE]");
    }

    [Theory]
    [InlineData("stall")]
    [InlineData("stall-early")]
    public async Task Stall_SendsItsStartAndThenNothingUntilTheClientLeaves(string fault)
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext(fault);
        var request = new HttpRequestMessage(HttpMethod.Post, Chat) { Content = new StringContent(ChatBody("x", ("stream", true)).ToJsonString()) };

        using (var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!.ShouldContain("assistant");
            server.ActiveCalls.ShouldBe(1);
        }

        while (server.ActiveCalls > 0)
            await Task.Yield();
        server.AbortedCalls.ShouldBe(1);
        server.Calls[0].Aborted.ShouldBeTrue();
    }

    [Fact]
    public async Task Crlf_ChangesLineEndsOnly()
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext("crlf");

        var text = await StreamAsync(client, Chat, ChatBody("x"));

        text.ShouldContain("\r\n\r\n");
        text.Replace("\r\n", "", StringComparison.Ordinal).ShouldNotContain("\n");
        ContentOf(Events(text.Replace("\r\n", "\n", StringComparison.Ordinal))).ShouldBe(Umlauts);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Messages)]
    public async Task SplitUtf8_KeepsTheBytes(string path)
    {
        // A clock that stands still makes the timings in both streams equally long.
        await using var server = await StartAsync(new() { Script = Scripted, Clock = new ManualClock() });
        using var client = Client(server);
        JsonObject Body() => path == Messages ? MessagesBody("x") : ChatBody("x");
        var whole = await StreamAsync(client, path, Body());
        server.FailNext("split-utf8");

        var split = await StreamAsync(client, path, Body());

        split.Length.ShouldBe(whole.Length);
        split.ShouldContain("日本語");
    }

    [Fact]
    public void Split_InsideCharactersAndDataLines_LosesNothing()
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes("data: é🚀\n\n");

        var pieces = WireDamage.Split(bytes).ToList();

        pieces.SelectMany(piece => piece.ToArray()).ShouldBe(bytes);
        pieces.Select(piece => System.Text.Encoding.Latin1.GetString(piece.Span)).ShouldBe(["da", "ta: Ã", "©ð", "\u009f", "\u009a", "\u0080\n", "\n"]);
    }

    [Fact]
    public async Task LengthAndEmpty_AreAnswersThatLookComplete()
    {
        await using var server = await StartAsync(new() { Script = Scripted });
        using var client = Client(server);
        server.FailNext("length");
        server.FailNext("empty");

        var (_, half, _) = await PostAsync(client, Chat, ChatBody("x"));
        var (_, none, _) = await PostAsync(client, Chat, ChatBody("x"));

        half.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        Content(half).Length.ShouldBeLessThan(Umlauts.Length);
        Content(none).ShouldBeEmpty();
        none.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task SlowFirstByte_HoldsTheHeadersBack()
    {
        var clock = new ManualClock();
        await using var server = await StartAsync(new() { Clock = clock, SlowFirstByte = TimeSpan.FromSeconds(30) });
        using var client = Client(server);
        server.FailNext("slow-first-byte");

        var call = PostAsync(client, Chat, ChatBody("x"));
        await clock.SomebodyWaits;
        call.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromSeconds(30));

        (await call).Status.ShouldBe(200);
    }

    [Fact]
    public void Draw_Rates_MeetTheirShareAndRepeatForASeed()
    {
        var rates = new Dictionary<string, double> { ["500"] = 0.2, ["cerebras:cut"] = 0.1 };
        List<string?> Draw(SimulatorEngine engine)
        {
            var schedule = new FaultSchedule(rates, 7);
            return [.. Enumerable.Range(1, 10_000).Select(number => schedule.Draw(number, engine)?.Name)];
        }

        var drawn = Draw(SimulatorEngine.Cerebras);

        drawn.Count(name => name == "500").ShouldBeInRange(1_850, 2_150);
        drawn.Count(name => name == "cut").ShouldBeInRange(880, 1_120);
        Draw(SimulatorEngine.Cerebras).ShouldBe(drawn);
        Draw(SimulatorEngine.Anthropic).ShouldNotContain("cut");
    }

    [Theory]
    [InlineData("nonsense=0.5", "'nonsense' is unknown")]
    [InlineData("500=1.5", "allowed is 0 to 1")]
    [InlineData("500=NaN", "allowed is 0 to 1")]
    [InlineData("500", "is not NAME=RATE")]
    [InlineData("somebody:500=0.5", "unknown API 'somebody'")]
    public void ParseFault_BadArgument_NamesValueAndLimit(string argument, string message) =>
        Should.Throw<ArgumentException>(() => SimulatorOptions.ParseFault(argument)).Message.ShouldContain(message);
}
