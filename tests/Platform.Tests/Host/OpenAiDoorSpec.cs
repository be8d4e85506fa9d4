using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts;
using Platform.Simulator;
using Platform.Tests.Simulator;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Host;

/// <summary>The OpenAI-compatible door, by the official client and by hand.</summary>
public sealed class OpenAiDoorSpec
{
    private const string Key = "pk-test-openai-door-0123456789";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfficialClient_ModelsChatStreamsAndErrors_AllPass()
    {
        var folder = NodeScripts.Folder("openai");
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 400 }, Token);
        await using var host = await TestHost.StartAsync(settings: Settings(engine));

        var (exit, output) = await NodeScripts.RunAsync(folder, "openai-door.mjs", [host.Doors.Http.ToString().TrimEnd('/'), Key], new Dictionary<string, string>(), Token);

        exit.ShouldBe(0, output);
        output.ShouldContain("0 failed");
    }

    [Fact]
    public async Task ClientThatLeaves_InTheMiddle_CancelsItsJob()
    {
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 5 }, Token);
        await using var host = await TestHost.StartAsync(settings: Settings(engine));
        using var http = Client(host);
        string jobId;
        using (var response = await http.SendAsync(Ask("platform-text", stream: true), HttpCompletionOption.ResponseHeadersRead, Token))
            jobId = response.Headers.GetValues("x-platform-job").Single();

        var generation = new Generation.GenerationClient(host.Client(Key));
        var state = "";
        await Patience.UntilAsync(async () => JobStates.IsClosed(state = (await generation.GetJobAsync(new GetJobRequest { JobId = jobId }, cancellationToken: Token)).State));

        state.ShouldBe(JobStates.Cancelled);
    }

    [Fact]
    public async Task JobThatFails_BeforeAnyText_HasAStatusOfItsOwnAlsoAsAStream()
    {
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 0, Faults = new Dictionary<string, double> { ["401"] = 1 } }, Token);
        await using var host = await TestHost.StartAsync(settings: Settings(engine));
        using var http = Client(host);

        foreach (var stream in new[] { false, true })
        {
            using var response = await http.SendAsync(Ask("platform-text", stream), Token);
            var error = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("error");
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
            error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
            error.GetProperty("job").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    private static HttpRequestMessage Ask(string model, bool stream) => new(HttpMethod.Post, "v1/chat/completions")
    {
        Content = JsonContent.Create(new { model, stream, messages = new[] { new { role = "user", content = "Tell me about tides" } } }),
    };

    private static HttpClient Client(TestHost host)
    {
        var http = new HttpClient { BaseAddress = host.Doors.Http };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return http;
    }

    private static Dictionary<string, string?> Settings(SimulatorServer engine) => new()
    {
        ["Patterns:WithheldShare"] = "0",
        ["Access:AdminKeyHash"] = Platform.Host.AccessOptions.HashOf(Key),
        ["Engines:Cerebras:BaseUrl"] = engine.Address.ToString(),
        ["Engines:Cerebras:ApiKey"] = "simulated",
        ["Engines:Cerebras:Simulated"] = "true",
        ["Engines:Claude:BaseUrl"] = engine.Address.ToString(),
        ["Engines:Claude:ApiKey"] = "simulated",
        ["Engines:Claude:Simulated"] = "true",
    };
}
