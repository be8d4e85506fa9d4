using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1;
using Platform.Contracts;
using Platform.Host;

namespace Platform.Tests.Host;

/// <summary>Every module starts alone, and all of them together, with doors that say what they are.</summary>
public sealed class ModulesSpec
{
    private static readonly string[] Always = ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"];

    // Whatever keeps rows can make keys and answer people; a runner holds no store and takes its caller's word.
    private static readonly string[] OfStores = ["platform.v1.Access", "platform.v1.Privacy", "platform.v1.SubjectData"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ModuleNames.Router, "platform.v1.Generation", "platform.v1.Ledger")]
    [InlineData(ModuleNames.Inference)]
    [InlineData(ModuleNames.Patterns, "platform.v1.Patterns")]
    [InlineData(ModuleNames.Maya, "platform.v1.Content")]
    [InlineData(ModuleNames.Metrics, "platform.v1.Metrics")]
    [InlineData(ModuleNames.Runner, "platform.v1.Runner")]
    [InlineData("all", "platform.v1.Content", "platform.v1.Generation", "platform.v1.Ledger", "platform.v1.Metrics", "platform.v1.Patterns", "platform.v1.Runner")]
    public async Task Start_IsHealthyAndListsItsServices(string modules, params string[] services)
    {
        await using var host = await TestHost.StartAsync(modules);

        host.Doors.Modules.ShouldBe(modules == "all" ? ModuleNames.All : [modules]);
        (await GetAsync(host, "health")).ShouldBe(HttpStatusCode.OK);
        (await GetAsync(host, "alive")).ShouldBe(HttpStatusCode.OK);
        (await ServicesAsync(host)).ShouldBe(services.Concat(Always).Concat(modules == ModuleNames.Runner ? [] : OfStores), ignoreOrder: true);
        foreach (var service in services.Append(""))
            (await CheckAsync(host, service)).Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.Serving);
    }

    [Fact]
    public void List_AgreesWithTheNames() => Modules.All.Select(module => module.Name).ShouldBe(ModuleNames.All);

    [Fact]
    public async Task Check_OfAServiceThatIsNotServedHere_IsNotFound()
    {
        await using var host = await TestHost.StartAsync(ModuleNames.Runner);

        var refused = await Should.ThrowAsync<RpcException>(() => CheckAsync(host, "platform.v1.Generation"));

        refused.StatusCode.ShouldBe(StatusCode.NotFound);
        refused.Status.Detail.ShouldContain("platform.v1.Generation");
    }

    [Fact]
    public async Task Stop_WithAWatcherConnected_TellsItAndClosesTheDoors()
    {
        await using var host = await TestHost.StartAsync(ModuleNames.Runner);
        using var watch = new Health.HealthClient(host.Client()).Watch(new HealthCheckRequest(), cancellationToken: Token);
        (await watch.ResponseStream.MoveNext(Token)).ShouldBeTrue();

        await host.App.StopAsync(Token);

        (await watch.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        watch.ResponseStream.Current.Status.ShouldBe(HealthCheckResponse.Types.ServingStatus.NotServing);
        (await watch.ResponseStream.MoveNext(Token)).ShouldBeFalse();
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(host, "health"));
    }

    private static async Task<HttpStatusCode> GetAsync(TestHost host, string path)
    {
        using var http = new HttpClient { BaseAddress = host.Doors.Http };
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Token);
        return response.StatusCode;
    }

    private static async Task<HealthCheckResponse> CheckAsync(TestHost host, string service) =>
        await new Health.HealthClient(host.Client()).CheckAsync(new HealthCheckRequest { Service = service }, cancellationToken: Token);

    private static async Task<IEnumerable<string>> ServicesAsync(TestHost host)
    {
        using var call = new ServerReflection.ServerReflectionClient(host.Client()).ServerReflectionInfo(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "*" }, Token);
        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        await call.RequestStream.CompleteAsync();
        return call.ResponseStream.Current.ListServicesResponse.Service.Select(each => each.Name);
    }
}
