using System.ComponentModel;
using Microsoft.Extensions.AI;
using Platform.Inference;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>Each protocol against the simulator's faithful server: what is sent, what is read.</summary>
public sealed class EngineWireSpec
{
    private static readonly Dictionary<string, string?> Local = new()
    {
        ["Engines:Local:Kind"] = "openai",
        ["Engines:Local:BaseUrl"] = Engines.OpenAiAddress,
        ["Engines:Local:Models:Quality"] = "local-model",
        ["Engines:Local:Simulated"] = "true",
    };

    public static TheoryData<string, bool> EachWay() => new()
    {
        { "Cerebras", true }, { "Cerebras", false }, { "Claude", true }, { "Claude", false }, { "Local", true }, { "Local", false },
    };

    [Theory]
    [MemberData(nameof(EachWay))]
    public async Task Ask_AnswersWithTextUsageAndMark(string engine, bool stream)
    {
        await using var bench = await StartAsync();
        var run = bench.Run(null, true, engine);

        var answer = await bench.AskAsync(run, stream);

        answer.Text.ShouldBe(bench.Simulator.Calls.Single().Answer);
        run.Tally.Simulated.ShouldBeTrue();
        run.Tally.Usage.Output.ShouldBeGreaterThan(0);
        run.Tally.Usage.InputUncached.ShouldBeGreaterThan(0);
        run.Tally.Calls.ShouldBe(1);
        bench.Simulator.Calls.Single().Stream.ShouldBe(stream);
        run.Progress.Text.ShouldBe(answer.Text);
    }

    [Theory]
    [InlineData("Cerebras")]
    [InlineData("Local")]
    public async Task Ask_CarriesTheFieldsThatTheOperatorSet(string engine)
    {
        await using var bench = await AskingBench.StartAsync(settings: new(Local) { [$"Engines:{engine}:Request:reasoning_effort"] = "low", [$"Engines:{engine}:Request:seed"] = "7" });

        await bench.AskAsync(bench.Run(null, true, engine));

        var body = bench.Simulator.Calls.Single().Body;
        body.ShouldContain("\"reasoning_effort\":\"low\"");
        body.ShouldContain("\"seed\":7");
    }

    [Theory]
    [InlineData("split-utf8")]
    [InlineData("crlf")]
    public async Task Stream_WithUnkindBytes_ReadsTheSameText(string fault)
    {
        const string text = "Grüße: 你好 — naïve 🍞 façade";
        var script = SimulatorScript.Parse($"rules:\n- match: ''\n  answers: ['{text}']");
        foreach (var engine in new[] { "Cerebras", "Claude", "Local" })
        {
            await using var bench = await StartAsync(new SimulatorOptions { TokensPerSecond = 0, Script = script });
            bench.Simulator.FailNext(fault);

            (await bench.AskAsync(bench.Run(null, true, engine))).Text.ShouldBe(text);
        }
    }

    [Theory]
    [MemberData(nameof(EachWay))]
    public async Task Ask_WithTools_ReadsTheCallsHoweverTheyAreSent(string engine, bool stream)
    {
        var script = SimulatorScript.Parse("""
            rules:
            - match: ''
              answers:
              - tools:
                - name: weather
                  arguments: {"city": "Zürich", "days": 3}
                - name: weather
                  arguments: {"city": "Bern", "days": 1}
            """);
        await using var bench = await StartAsync(new SimulatorOptions { TokensPerSecond = 0, Script = script });
        var run = bench.Run(null, true, engine);
        var request = AskingBench.Request(stream, "What is the weather?", 256) with
        {
            Tools = [AIFunctionFactory.Create(([Description("City")] string city, int days) => city, "weather", "Tells the weather")],
            ToolMode = ChatToolMode.Auto,
        };

        var answer = await bench.Caller.AskAsync(run, request, TestContext.Current.CancellationToken);

        answer.ToolCalls.Select(call => (call.Name, call.Arguments!["city"]!.ToString(), call.Arguments["days"]!.ToString()))
            .ShouldBe([("weather", "Zürich", "3"), ("weather", "Bern", "1")]);
        answer.ToolCalls.Select(call => call.CallId).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Ask_ALongPrompt_IsCompressedForCerebrasOnly()
    {
        await using var bench = await StartAsync();
        var prompt = "Write a post. " + string.Join(' ', Enumerable.Repeat("bread and butter", 4_000));

        await bench.AskAsync(bench.Run(null, true, "Cerebras"), prompt: prompt);
        await bench.AskAsync(bench.Run(null, true, "Local"), prompt: prompt);

        bench.Simulator.Calls[0].Headers["content-encoding"].ShouldBe("gzip");
        bench.Simulator.Calls[1].Headers.ContainsKey("content-encoding").ShouldBeFalse();
        bench.Simulator.Calls[0].Prompt.ShouldContain("bread and butter bread");
    }

    [Fact]
    public async Task Ask_CachedPrompt_IsCountedByClass()
    {
        await using var bench = await StartAsync();
        var prompt = string.Join(' ', Enumerable.Repeat("the same long beginning of every prompt", 200));
        foreach (var engine in new[] { "Cerebras", "Local" })
        {
            await bench.AskAsync(bench.Run(null, true, engine), prompt: prompt);
            var run = bench.Run(null, true, engine);

            await bench.AskAsync(run, prompt: prompt);

            run.Tally.Usage.InputCached.ShouldBeGreaterThan(0, engine);
            (run.Tally.Usage.InputCached % 128).ShouldBe(0, engine);
            run.Tally.AttemptRaw.Single().ShouldContain("\"cached_tokens\":" + run.Tally.Usage.InputCached, customMessage: engine);
        }
    }

    [Fact]
    public async Task Ask_TextWithHalfACharacter_IsSentWhole()
    {
        await using var bench = await StartAsync();

        var answer = await bench.AskAsync(bench.Run(null, true, "Cerebras"), prompt: "Write a post about \ud83c rye.");

        answer.Text.ShouldNotBeEmpty();
        bench.Simulator.Calls.Single().Prompt.ShouldContain("\ufffd rye");
    }

    private static Task<AskingBench> StartAsync(SimulatorOptions? options = null) => AskingBench.StartAsync(options, settings: Local);
}
