using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Simulator;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class CerebrasShapeTests
{
    [Fact]
    public async Task Unary_PlainPrompt_CarriesUsageTimesAndTheSimulatedLabel()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var (status, answer, response) = await PostAsync(client, Chat, ChatBody("Tell me about tides"));

        status.ShouldBe(200);
        response.Headers.GetValues("x-platform-simulator").ShouldBe(["true"]);
        answer.GetProperty("model").GetString().ShouldBe("simulated-gpt-oss-120b");
        answer.GetProperty("object").GetString().ShouldBe("chat.completion");
        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        answer.GetProperty("choices")[0].GetProperty("message").TryGetProperty("tool_calls", out _).ShouldBeFalse();
        var usage = answer.GetProperty("usage");
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
        usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32().ShouldBeGreaterThan(0);
        answer.GetProperty("time_info").GetProperty("total_time").GetDouble().ShouldBeGreaterThanOrEqualTo(answer.GetProperty("time_info").GetProperty("completion_time").GetDouble());
        Content(answer).ShouldContain("simulated");
    }

    [Fact]
    public async Task Stream_PlainPrompt_HasRoleFirstUsageInTheFinishChunkAndDoneLast()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        var (_, unary, _) = await PostAsync(client, Chat, ChatBody("Tell me about tides"));

        var text = await StreamAsync(client, Chat, ChatBody("Tell me about tides"));
        var events = Events(text);

        text.ShouldEndWith("data: [DONE]\n\n");
        events[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        events.Count(item => item.TryGetProperty("usage", out _)).ShouldBe(1);
        events[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("stop");
        events[^1].TryGetProperty("time_info", out _).ShouldBeTrue();
        events.SkipLast(1).ShouldAllBe(item => !HasFinish(item));
        events.Select(item => item.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        ContentOf(events).ShouldBe(Content(unary));
    }

    private static bool HasFinish(JsonElement chunk) => chunk.GetProperty("choices")[0].TryGetProperty("finish_reason", out _);

    [Theory]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"store\":true}", "store: property 'store' is unsupported")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\",\"reasoning_content\":\"z\"}]}", "messages.1.assistant.reasoning_content: property 'messages.1.assistant.reasoning_content' is unsupported")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}", "stop: List should have at most 4 items after validation")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_object\"}}", "'messages' must contain the word 'json'")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"a\":{\"type\":\"string\",\"format\":\"date\"}}}}}}", "Invalid fields for schema with types ['string']: {'format'}")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{}}}}", "response_format.type: Input should be 'text'")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":3}", "temperature: Input should be less than or equal to 2")]
    [InlineData("{\"model\":\"m\"}", "messages: Field required")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", ": Invalid JSON: lone surrogate")]
    [InlineData("{\"model\":", ": Invalid JSON:")]
    [InlineData("[]", "body: Input should be a valid dictionary")]
    public async Task Read_BodyThatCerebrasRefuses_AnswersFlat400(string body, string message)
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var response = await client.PostAsync(Chat, new StringContent(body), TestContext.Current.CancellationToken);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        ((int)response.StatusCode).ShouldBe(400);
        error.GetProperty("message").GetString()!.ShouldContain(message);
        error.GetProperty("code").GetString().ShouldBe("wrong_api_format");
        error.TryGetProperty("error", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("\"response_format\":{\"type\":\"json_object\"},\"stream\":true", false, 400)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"},\"stream\":true", true, 200)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", false, 400)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"},\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", true, 200)]
    public async Task Read_JsonMixedWithStreamOrTools_IsTakenOnlyWhereTheOptionSaysSo(string members, bool mixes, int status)
    {
        await using var server = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0, MixesJson = mixes }, TestContext.Current.CancellationToken);
        using var client = Client(server);

        var response = await client.PostAsync(Chat, new StringContent($$"""{"model":"gpt-oss-120b","messages":[{"role":"user","content":"give JSON"}],{{members}}}"""), TestContext.Current.CancellationToken);

        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Tools_NamedInTheTask_ComeWholeInOneChunkWithANineDigitId()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        var tools = JsonNode.Parse("""[{"type":"function","function":{"name":"file_reader","parameters":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}}]""");

        var events = Events(await StreamAsync(client, Chat, ChatBody("Use file_reader on src/Orders.cs", ("tools", tools))));

        var calls = events.Select(item => item.GetProperty("choices")[0].GetProperty("delta")).Where(delta => delta.TryGetProperty("tool_calls", out _)).ToList();
        calls.Count.ShouldBe(1);
        var call = calls[0].GetProperty("tool_calls")[0];
        call.GetProperty("id").GetString()!.ShouldMatch("^[0-9a-f]{9}$");
        call.GetProperty("function").GetProperty("arguments").GetString().ShouldBe("{\"path\":\"src/Orders.cs\"}");
        events[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
    }

    [Fact]
    public async Task Schema_StrictObject_IsAnsweredInSchemaOrderWithinItsEnum()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        var format = JsonNode.Parse("""{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":{"type":"object","additionalProperties":false,"required":["label","score"],"properties":{"label":{"enum":["buy","ask"]},"score":{"type":"number","minimum":0,"maximum":1},"tags":{"type":"array","items":{"$ref":"#/$defs/tag"}}},"$defs":{"tag":{"type":"string"}}}}}""");

        var (status, answer, _) = await PostAsync(client, Chat, ChatBody("Classify: I want this bicycle", ("response_format", format)));

        status.ShouldBe(200);
        var json = JsonDocument.Parse(Content(answer)).RootElement;
        json.EnumerateObject().Select(property => property.Name).ShouldBe(["label", "score", "tags"]);
        json.GetProperty("label").GetString().ShouldBeOneOf("buy", "ask");
        json.GetProperty("score").GetDouble().ShouldBeInRange(0, 1);
    }

    [Fact]
    public async Task MaxTokens_SmallerThanTheAnswer_EndsWithLength()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var (_, answer, _) = await PostAsync(client, Chat, ChatBody("Implement a C# class Basket", ("max_completion_tokens", 20)));

        answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
        answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task Keys_MissingOrWrong_Answer403WithDetailAnd401Flat()
    {
        await using var server = await StartAsync(new() { ApiKey = "right" });
        using var client = Client(server);
        var (wrong, body, _) = await PostAsync(client, Chat, ChatBody("x"));
        client.DefaultRequestHeaders.Remove("Authorization");

        var (missing, detail, _) = await PostAsync(client, Chat, ChatBody("x"));

        wrong.ShouldBe(401);
        body.GetProperty("code").GetString().ShouldBe("wrong_api_key");
        missing.ShouldBe(403);
        detail.GetProperty("detail").GetString().ShouldBe("Not authenticated");
    }

    [Fact]
    public async Task Models_ListUnknownArchivedAndUnrouted_AnswerAsTheService()
    {
        await using var server = await StartAsync(new() { Models = ["gpt-oss-120b", "llama3.1-8b"] });
        using var client = Client(server);

        var list = await client.GetStringAsync("/v1/models", TestContext.Current.CancellationToken);
        var open = await client.GetAsync("/public/v1/models/none", TestContext.Current.CancellationToken);
        var lost = await client.GetAsync("/v1/responses", TestContext.Current.CancellationToken);
        await client.GetAsync("/v1/tcp_warming", TestContext.Current.CancellationToken);
        var (unknown, unknownBody, _) = await PostAsync(client, Chat, ChatBody("x", ("model", "nobody-knows")));
        var (archived, archivedBody, _) = await PostAsync(client, Chat, ChatBody("x", ("model", "llama3.1-8b")));

        list.ShouldContain("\"id\":\"gpt-oss-120b\"");
        (await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("not found or not publicly available");
        ((int)lost.StatusCode).ShouldBe(404);
        (await lost.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        server.WarmUps.ShouldBe(1);
        (unknown, unknownBody.GetProperty("code").GetString()).ShouldBe((404, "model_not_found"));
        (archived, archivedBody.GetProperty("code").GetString()).ShouldBe((404, "model_archived"));
    }

    [Fact]
    public async Task Context_LongerThanTheModelHolds_Answers400WithItsOwnCode()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var (status, error, _) = await PostAsync(client, Chat, ChatBody(new string('x', 600_000)));

        (status, error.GetProperty("code").GetString()).ShouldBe((400, "context_length_exceeded"));
    }
}
