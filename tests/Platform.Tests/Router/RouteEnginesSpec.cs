using Grpc.Core;
using Platform.Contracts;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>A route names only engines that answer its kind of job.</summary>
public sealed class RouteEnginesSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Route_OfContent_PassesOverAnEngineForCodeOnly()
    {
        await using var host = await StartAsync(("Engines:Claude:ApiKey", "never-called"));

        var code = await RouteAsync(host, JobKinds.Code);
        var content = await RouteAsync(host, JobKinds.Content);

        (code.Engine, content.Engine).ShouldBe(("Cerebras", "Claude"));
        code.Fallbacks.ShouldBe(["Claude"]);
        content.Fallbacks.ShouldBeEmpty();
    }

    [Fact]
    public async Task Route_OfAKindThatNoEngineAnswers_SaysSo()
    {
        await using var host = await StartAsync();

        var refused = await Should.ThrowAsync<RpcException>(() => RouteAsync(host, JobKinds.Content));

        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        refused.Status.Detail.ShouldContain("kind 'content' (Engines:NAME:Kinds)");
    }

    private static Task<TestHost> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { ["Engines:Cerebras:ApiKey"] = "never-called", ["Engines:Cerebras:Kinds"] = "code", ["Router:RecallMs"] = "20" };
        foreach (var (key, value) in more)
            settings[key] = value;
        return TestHost.StartAsync("router", settings);
    }

    private static async Task<RouteDecision> RouteAsync(TestHost host, string kind) =>
        await new Generation.GenerationClient(host.Client()).RouteAsync(new GenerateRequest { Task = "A task", Kind = kind, Approach = Approaches.Instructions }, cancellationToken: Token);
}
