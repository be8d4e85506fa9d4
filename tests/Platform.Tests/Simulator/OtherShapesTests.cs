using System.IO.Compression;
using System.Text.Json.Nodes;
using Platform.Simulator;
using Shouldly;
using Xunit;
using static Platform.Tests.Simulator.SimulatorCalls;

namespace Platform.Tests.Simulator;

public sealed class OtherShapesTests
{
    [Fact]
    public async Task Anthropic_Unary_HasContentBlocksAndItsOwnUsage()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var (status, answer, _) = await PostAsync(client, Messages, MessagesBody("Tell me about tides"));

        status.ShouldBe(200);
        answer.GetProperty("model").GetString().ShouldBe("simulated-claude-sonnet-5");
        answer.GetProperty("content")[0].GetProperty("type").GetString().ShouldBe("text");
        answer.GetProperty("stop_reason").GetString().ShouldBe("end_turn");
        answer.GetProperty("usage").GetProperty("output_tokens").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Anthropic_Stream_NamesItsEventsInOrderWithoutDone()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        var tools = JsonNode.Parse("""[{"name":"file_reader","input_schema":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}}]""");

        var text = await StreamAsync(client, Messages, MessagesBody("Use file_reader on a.cs", ("tools", tools), ("thinking", JsonNode.Parse("""{"type":"enabled","budget_tokens":1024}"""))));

        var names = text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..]).ToList();
        names[..2].ShouldBe(["message_start", "ping"]);
        names[^2..].ShouldBe(["message_delta", "message_stop"]);
        names.Count(name => name == "content_block_start").ShouldBe(2);
        text.ShouldNotContain("[DONE]");
        text.ShouldContain("signature_delta");
        string.Concat(Events(text).Where(item => item.GetProperty("type").GetString() == "content_block_delta" && item.GetProperty("delta").TryGetProperty("partial_json", out _))
            .Select(item => item.GetProperty("delta").GetProperty("partial_json").GetString())).ShouldBe("{\"path\":\"a.cs\"}");
        Events(text).Single(item => item.GetProperty("type").GetString() == "message_delta").GetProperty("delta").GetProperty("stop_reason").GetString().ShouldBe("tool_use");
    }

    [Theory]
    [InlineData("x", "surprise", "surprise: Extra inputs are not permitted")]
    [InlineData("x", "max_tokens", "max_tokens: Input should be greater than or equal to 1")]
    public async Task Anthropic_BodyOutsideTheRules_AnswersWrapped400(string user, string property, string message)
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var (status, error, _) = await PostAsync(client, Messages, MessagesBody(user, (property, 0)));

        status.ShouldBe(400);
        error.GetProperty("error").GetProperty("type").GetString().ShouldBe("invalid_request_error");
        error.GetProperty("error").GetProperty("message").GetString().ShouldBe(message);
        error.GetProperty("request_id").GetString()!.ShouldStartWith("req_");
    }

    [Fact]
    public async Task Anthropic_CacheControl_ReportsWhatWasReadFromTheCache()
    {
        await using var server = await StartAsync();
        using var client = Client(server);
        JsonObject Body() => MessagesBody("question", ("system", new JsonArray(new JsonObject { ["type"] = "text", ["text"] = new string('s', 4096), ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } })));

        var (_, first, _) = await PostAsync(client, Messages, Body());
        var (_, second, _) = await PostAsync(client, Messages, Body());

        first.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(0);
        second.GetProperty("usage").GetProperty("cache_read_input_tokens").GetInt32().ShouldBe(1024);
    }

    [Fact]
    public async Task OpenAi_Stream_SendsUsageInAChunkOfItsOwnOnlyWhenAsked()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var plain = Events(await StreamAsync(client, OpenAiChat, ChatBody("Tell me about tides", ("unknown_to_everybody", true))));
        var asked = Events(await StreamAsync(client, OpenAiChat, ChatBody("Tell me about tides", ("stream_options", new JsonObject { ["include_usage"] = true }))));

        plain.ShouldAllBe(item => !HasUsage(item));
        asked[^1].GetProperty("choices").GetArrayLength().ShouldBe(0);
        asked[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeGreaterThan(0);
        ContentOf(plain).ShouldBe(ContentOf(asked));
    }

    private static bool HasUsage(System.Text.Json.JsonElement chunk) => chunk.TryGetProperty("usage", out _);

    [Fact]
    public async Task OpenAi_ToolStream_ComesInFragments()
    {
        await using var server = await StartAsync(new() { Engine = SimulatorEngine.OpenAi });
        using var client = Client(server);
        var tools = JsonNode.Parse("""[{"type":"function","function":{"name":"search_everything","parameters":{"type":"object","properties":{"query":{"type":"string"},"body":{"type":"string"}}}}}]""");

        var events = Events(await StreamAsync(client, Chat, ChatBody("Look for seagulls on the coast of Norway", ("tools", tools), ("tool_choice", "required"))));

        var fragments = events.Select(item => item.GetProperty("choices")[0].GetProperty("delta")).Where(delta => delta.TryGetProperty("tool_calls", out _)).ToList();
        fragments.Count.ShouldBeGreaterThan(2);
        var arguments = string.Concat(fragments.Select(delta => delta.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()));
        JsonNode.Parse(arguments)!["query"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Body_Gzip_IsReadAndABombIsRefused()
    {
        await using var server = await StartAsync();
        using var client = Client(server);

        var good = await client.PostAsync(Chat, Gzip(ChatBody("Tell me about tides").ToJsonString()), TestContext.Current.CancellationToken);
        var bomb = await client.PostAsync(Chat, Gzip(new string(' ', 64 << 20)), TestContext.Current.CancellationToken);

        ((int)good.StatusCode).ShouldBe(200);
        ((int)bomb.StatusCode).ShouldBe(413);
        server.Calls[0].Body.ShouldContain("tides");
    }

    private static ByteArrayContent Gzip(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Encoding", "gzip" } } };
    }
}
