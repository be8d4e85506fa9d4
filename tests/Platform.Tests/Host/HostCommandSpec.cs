using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Platform.Host;

namespace Platform.Tests.Host;

/// <summary>How the server executable ends, and what it says: words and settings that are wrong name key, value and a good value.</summary>
public sealed class HostCommandSpec
{
    private const string Secret = "hunter2-hunter2-hunter2";

    [Fact]
    public async Task ListModules_NamesEachWithItsPurpose()
    {
        var run = await HostRun.OfAsync("--list-modules");

        run.Exit.ShouldBe(0);
        foreach (var module in Modules.All)
            run.Output.ShouldContain($"{module.Name,-10} {module.Purpose}");
    }

    [Fact]
    public void AllowUnsandboxed_IsTheRunnersSetting() => HostArguments.Parse(["--allow-unsandboxed"]).Settings.ShouldBe(["--Runner:AllowUnsandboxed=true"]);

    [Fact]
    public async Task CheckConfig_OfGoodSettings_SaysSoAndOpensNothing()
    {
        var run = await HostRun.OfAsync("--check-config");

        (run.Exit, run.Errors).ShouldBe((0, ""));
        run.Output.ShouldContain("valid");
    }

    [Fact]
    public async Task CheckConfig_OfABadValue_NamesIt()
    {
        var run = await HostRun.RunAsync(["--check-config"], new Dictionary<string, string?> { ["Router:LeaseSeconds"] = "abc" }, null, null);

        run.Exit.ShouldBe(2);
        run.Errors.ShouldContain("Router:LeaseSeconds is 'abc'; give a number (default 30)");
    }

    [Theory]
    [InlineData("--modules", "router,routr", "'routr'", "router, inference, patterns, maya, metrics, runner")]
    [InlineData("--modules", "", "--modules is empty", "router, inference")]
    [InlineData("--modules=nobody", "--check-config", "'nobody'", "'all'")]
    [InlineData("--port", "5", "'--port'", "--list-modules")]
    public async Task UnknownWord_IsWrongUsage(string first, string second, string said, string good)
    {
        var run = await HostRun.OfAsync(first, second);

        run.Exit.ShouldBe(2);
        run.Errors.ShouldStartWith("platform: ");
        run.Errors.ShouldContain(said);
        run.Errors.ShouldContain(good);
        run.Errors.Trim().ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("router", "Router:LeaseSeconds", "abc", "a number (default 30)")]
    [InlineData("router", "Router:LeaseSeconds", "0", "a value from 1 to 3600 (default 30)")]
    [InlineData("router", "Router:MaxTaskBytes", "1.5", "a whole number (default 262144)")]
    [InlineData("router", "Storage:Synchronous", "off", "'normal' or 'full'")]
    [InlineData("router", "Engines:Cerebras:BaseUrl", "nowhere", "https://api.cerebras.ai")]
    [InlineData("router", "Engines:Mine:Kind", "magic", "one of cerebras, anthropic, openai")]
    [InlineData("inference", "Inference:MaxAttempts", "99", "a value from 1 to 20 (default 3)")]
    [InlineData("inference", "Inference:Tools:MaxTurns", "many", "a whole number (default 12)")]
    [InlineData("runner", "Runner:AllowUnsandboxed", "perhaps", "true or false (default False)")]
    [InlineData("runner", "Runner:MemoryMiB", "1", "a value from 64 to 65536 (default 2048)")]
    [InlineData("patterns", "Patterns:EfSearch", "x", "a whole number (default 100)")]
    [InlineData("metrics", "Metrics:Alerts:Every", "soon", "a time such as 00:00:30 (default 00:00:15)")]
    [InlineData("metrics", "Metrics:Alerts:ErrorRate", "7", "")]
    [InlineData("runner", "HTTP_PORT", "99999", "65535")]
    [InlineData("runner", "GRPC_PORT", "-1", "65535")]
    [InlineData("runner", "Doors:Address", "home", "127.0.0.1")]
    [InlineData("runner", "Peers:patterns", "127.0.0.1:5081", "http://127.0.0.1:5081")]
    [InlineData("runner", "Access:Keys:k:Admin", "maybe", "true or false")]
    public async Task BadValue_NamesKeyValueAndAGoodOne(string module, string key, string value, string good)
    {
        var run = await HostRun.OfModuleAsync(module, (key, value));

        run.Exit.ShouldBe(2, run.Errors);
        run.Errors.ShouldStartWith("platform: ");
        run.Log.ShouldNotContain(line => line.Contains("Hosting failed", StringComparison.Ordinal), "the command says it once");
        run.Errors.ShouldContain(key);
        run.Errors.ShouldContain(value);
        run.Errors.ShouldContain(good);
    }

    [Fact]
    public async Task UnknownPeer_IsNamedWithTheKnownOnes()
    {
        var run = await HostRun.OfModuleAsync("runner", ("Peers:rooter", "http://127.0.0.1:5081"));

        run.Exit.ShouldBe(2);
        run.Errors.ShouldContain("Peers:rooter");
        run.Errors.ShouldContain("router, inference");
    }

    [Theory]
    [InlineData("Access:AdminKeyHash", Secret)]
    [InlineData("Access:Keys:ci:Hash", Secret)]
    [InlineData("ConnectionStrings:messaging", "host;password=" + Secret)]
    [InlineData("ConnectionStrings:platform", "nonsense;password=" + Secret)]
    [InlineData("ConnectionStrings:platform", "Username=u;Password=" + Secret)]
    public async Task BadSecret_IsNamedButNotRepeated(string key, string value)
    {
        var run = await HostRun.OfModuleAsync("router", (key, value));

        run.Exit.ShouldBe(2);
        run.Errors.ShouldContain(key);
        (run.Errors + run.Output + string.Join('\n', run.Log)).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task BeyondLoopback_WithoutAKey_RefusesAndNamesTheSetting()
    {
        var run = await HostRun.OfModuleAsync("runner", ("Doors:Address", "0.0.0.0"), ("Access:ServiceKey", Secret), ("Engines:Cerebras:ApiKey", Secret));

        run.Exit.ShouldBe(2);
        run.Errors.ShouldContain("0.0.0.0");
        run.Errors.ShouldContain("Access:AdminKeyHash");
        run.Errors.ShouldContain("127.0.0.1");
        (run.Errors + string.Join('\n', run.Log)).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task BeyondLoopback_WithAKey_Starts()
    {
        var run = await HostRun.OfModuleAsync("runner", ("Doors:Address", "0.0.0.0"), ("Access:AdminKeyHash", AccessOptions.HashOf(Secret)));

        run.Exit.ShouldBe(0, run.Errors);
        run.Errors.ShouldContain("http://0.0.0.0:");
    }

    [Theory]
    [InlineData("HTTP_PORT")]
    [InlineData("GRPC_PORT")]
    public async Task TakenPort_IsNamed(string key)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        var port = ((IPEndPoint)other.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);

        var run = await HostRun.OfModuleAsync("runner", (key, port));

        run.Exit.ShouldBe(1);
        run.Errors.ShouldContain($"{key} {port} is in use");
        run.Errors.ShouldContain("another port");
    }

    [Fact]
    public async Task OnePortForBothDoors_IsRefused()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)probe.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        probe.Close();

        var run = await HostRun.OfModuleAsync("runner", ("HTTP_PORT", port), ("GRPC_PORT", port));

        run.Exit.ShouldBe(2);
        run.Errors.ShouldContain($"GRPC_PORT is {port}, as is HTTP_PORT");
    }
}
