using Platform.Simulator;
using Platform.Simulator.Scripts;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class ScriptTests
{
    private const string Yaml = """
        rules:
          - name: learned
            match: parse dates
            when_contains: ["DateOnly.ParseExact"]
            answers: [good]
          - name: fizz
            match: (?i)fizzbuzz
            engine: cerebras
            answers:
              - bad
              - fault: 429-queue
              - text: better
                finish_reason: length
              - tools:
                  - name: file_reader
                    arguments: { path: a.cs, lines: 10, deep: { all: true, none: null, label: "10" } }
              - best
          - name: system
            match: you are a poet
            in: prompt
            answers: [rhyme]
          - match: parse dates
            answers: [ignorant]
        """;

    [Fact]
    public async Task Answers_WalkInOrderAndTheLastRepeats()
    {
        await using var server = await StartAsync(new() { Script = SimulatorScript.Parse(Yaml) });
        using var client = Client(server);

        (await AskAsync(client)).ShouldBe("bad");
        (await PostAsync(client, Chat, ChatBody("fizzbuzz"))).Body.GetProperty("code").GetString().ShouldBe("queue_exceeded");
        var (_, cut, _) = await PostAsync(client, Chat, ChatBody("fizzbuzz"));
        cut.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        var (_, tools, _) = await PostAsync(client, Chat, ChatBody("fizzbuzz"));
        tools.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()
            .ShouldBe("{\"path\":\"a.cs\",\"lines\":10,\"deep\":{\"all\":true,\"none\":null,\"label\":\"10\"}}");
        (await AskAsync(client)).ShouldBe("best");
        (await AskAsync(client)).ShouldBe("best");
        server.RuleCalls["fizz"].ShouldBe(6);
    }

    private static async Task<string> AskAsync(HttpClient client) => Content((await PostAsync(client, Chat, ChatBody("write FizzBuzz"))).Body);

    [Fact]
    public async Task WhenContains_AnswersOnlyWithTheExcerptInThePrompt()
    {
        await using var server = await StartAsync(new() { Script = SimulatorScript.Parse(Yaml) });
        using var client = Client(server);

        var (_, without, _) = await PostAsync(client, Chat, ChatBody("parse dates"));
        var (_, with, _) = await PostAsync(client, Chat, ChatBody("Known: DateOnly.ParseExact(text, \"yyyy\")\nparse dates"));

        Content(without).ShouldBe("ignorant");
        Content(with).ShouldBe("good");
    }

    [Fact]
    public async Task Engine_BindsARuleToOneApi()
    {
        await using var server = await StartAsync(new() { Script = SimulatorScript.Parse(Yaml) });
        using var client = Client(server);

        var (_, answer, _) = await PostAsync(client, Messages, MessagesBody("fizzbuzz"));

        answer.GetProperty("content")[0].GetProperty("text").GetString().ShouldNotBe("bad");
        server.RuleCalls["fizz"].ShouldBe(0);
    }

    [Fact]
    public async Task In_Prompt_MatchesTheSystemMessage()
    {
        await using var server = await StartAsync(new() { Script = SimulatorScript.Parse(Yaml) });
        using var client = Client(server);

        var (_, answer, _) = await PostAsync(client, Messages, MessagesBody("hello", ("system", "you are a poet")));

        answer.GetProperty("content")[0].GetProperty("text").GetString().ShouldBe("rhyme");
    }

    [Fact]
    public void Parse_Json_IsTheSameLanguage()
    {
        var script = SimulatorScript.Parse("""{"rules":[{"match":"a","model":"gpt","answers":["x",{"text":"y","first_token_ms":5}]}]}""");

        script.Rules[0].Name.ShouldBe("rule 1");
        script.Rules[0].Answers.Select(answer => answer.Text).ShouldBe(["x", "y"]);
        script.Rules[0].Answers[1].FirstToken.ShouldBe(TimeSpan.FromMilliseconds(5));
    }

    [Theory]
    [InlineData("", "one document is expected")]
    [InlineData("rules: []", "allowed is 1 to")]
    [InlineData("rules:\n  - mach: a\n    answers: [x]", "script line 2: unknown key 'mach'")]
    [InlineData("rules:\n  - match: a", "answers: at least one is required")]
    [InlineData("rules:\n  - match: '(?=a)'\n    answers: [x]", "no usable regular expression")]
    [InlineData("rules:\n  - match: a\n    engine: 1\n    answers: [x]", "engine: '1' is unknown")]
    [InlineData("rules:\n  - match: a\n    answers: [{fault: 999}]", "fault: '999' is unknown")]
    [InlineData("rules:\n  - match: a\n    answers: [{finish_reason: stop}]", "an answer needs text, tools or fault")]
    [InlineData("rules:\n  - match: a\n    answers: [{text: x, first_token_ms: -1}]", "allowed is 0 to 600000")]
    [InlineData("rules:\n  - {name: n, answers: [x]}\n  - {name: n, answers: [x]}", "the name 'n' stands twice")]
    [InlineData("rules: [", "script line")]
    [InlineData("{\"rules\":", "script line 1")]
    public void Parse_BadScript_SaysWhere(string text, string message) =>
        Should.Throw<SimulatorScriptException>(() => SimulatorScript.Parse(text)).Message.ShouldContain(message);

    [Fact]
    public void Load_MissingFile_SaysWhich() =>
        Should.Throw<SimulatorScriptException>(() => SimulatorScript.Load("/no/such/script.yaml")).Message.ShouldContain("/no/such/script.yaml");
}
