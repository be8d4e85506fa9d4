using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Simulator;
using Shouldly;
using Xunit;

namespace Platform.Tests.Simulator;

/// <summary>Plain HTTP against a simulator: what a client sees before any library touches it.</summary>
internal static class SimulatorCalls
{
    public const string Chat = "/v1/chat/completions";
    public const string Messages = "/v1/messages";
    public const string OpenAiChat = "/openai/v1/chat/completions";

    public static Task<SimulatorServer> StartAsync(SimulatorOptions? options = null) =>
        SimulatorServer.StartAsync((options ?? new()) with { TokensPerSecond = options?.TokensPerSecond ?? 0 }, TestContext.Current.CancellationToken);

    public static HttpClient Client(SimulatorServer server)
    {
        var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer test-key");
        client.DefaultRequestHeaders.Add("anthropic-version", "2023-06-01");
        return client;
    }

    public static JsonObject ChatBody(string user, params (string Name, JsonNode? Value)[] more)
    {
        var body = new JsonObject { ["model"] = "gpt-oss-120b", ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = user }) };
        foreach (var (name, value) in more)
            body[name] = value;
        return body;
    }

    public static JsonObject MessagesBody(string user, params (string Name, JsonNode? Value)[] more)
    {
        var body = ChatBody(user, more);
        body["model"] = "claude-sonnet-5";
        body["max_tokens"] ??= 1024;
        return body;
    }

    public static async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(HttpClient client, string path, JsonObject body)
    {
        var response = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var json = text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default;
        return ((int)response.StatusCode, json, response);
    }

    /// <summary>The text of a whole stream as it came over the wire.</summary>
    public static async Task<string> StreamAsync(HttpClient client, string path, JsonObject body)
    {
        body["stream"] = true;
        var response = await client.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The JSON of every <c>data:</c> line; <c>[DONE]</c> is left out.</summary>
    public static List<JsonElement> Events(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line[6..]).RootElement)];

    public static string ContentOf(IEnumerable<JsonElement> events) => string.Concat(events
        .Where(item => item.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0)
        .Select(item => item.GetProperty("choices")[0].GetProperty("delta"))
        .Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : ""));

    public static string Content(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
