using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.ServiceDefaults.Peering;
using Shouldly;
using Xunit;

namespace Platform.Tests.AppHost;

/// <summary>Holds the AppHost, which this solution cannot build, to the code it starts.</summary>
public sealed class AppHostSpec
{
    private static readonly AppHostSource Source = AppHostSource.Read();
    private static readonly HostVocabulary Host = HostVocabulary.Read(Source.Root);

    [Fact]
    public void Source_Parses() => Source.Errors.ShouldBeEmpty();

    [Fact]
    public void Projects_Exist()
    {
        var projects = Source.Strings.Where(text => text.EndsWith(".csproj", StringComparison.Ordinal)).ToList();

        projects.ShouldNotBeEmpty();
        projects.ShouldAllBe(project => File.Exists(Path.Combine(Source.Root, "AppHost", project)));
    }

    [Fact]
    public void Modules_AreAllThereAndNoOthers() =>
        Source.Named("Module").Concat(Source.Named("Process")).Distinct().ShouldBe(ModuleNames.All, ignoreOrder: true);

    [Fact]
    public void Environment_IsReadByTheHost()
    {
        var names = Source.EnvironmentNames.Distinct().ToList();

        names.ShouldContain("HTTP_PORT");
        names.ShouldContain("GRPC_PORT");
        names.SelectMany(name => Host.Unknown(name).Select(word => $"{name}: nothing reads '{word}'")).ShouldBeEmpty();
    }

    [Fact]
    public void Vocabulary_DoesNotKnowEverything()
    {
        Host.Unknown("Access__AdminKeyHsah").ShouldBe(["AdminKeyHsah"]);
        Host.Unknown("GPRC_PORT").ShouldBe(["GPRC_PORT"]);
    }

    [Fact]
    public void ConnectionStrings_AreThoseTheHostReads()
    {
        var resources = Source.Named("AddDatabase").Concat(Source.Named("AddConnectionString")).Concat(Source.Named("AddRabbitMQ")).Distinct();

        resources.ShouldBe(["platform", "keys", "messaging"], ignoreOrder: true);
        resources.SelectMany(Host.Unknown).ShouldBeEmpty();
    }

    [Fact]
    public void EngineKeys_SwitchTheEnginesOn()
    {
        var keys = Source.EnvironmentNames.Where(name => name.StartsWith("Engines__", StringComparison.Ordinal)).Distinct().ToList();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(keys.ToDictionary(key => key.Replace("__", ":", StringComparison.Ordinal), _ => (string?)"k")).Build();

        keys.Count.ShouldBe(2);
        EngineCatalog.Read(configuration).Engines.Where(engine => engine.Enabled).Select(engine => engine.Name).ShouldBe(["Cerebras", "Claude"], ignoreOrder: true);
    }

    [Fact]
    public void Peers_AreWhatPeersRead()
    {
        Source.EnvironmentNames.ShouldContain("Peers__*");
        var settings = ModuleNames.All.ToDictionary(module => $"Peers:{module}", _ => (string?)"http://localhost:5081");
        var addresses = PeerAddresses.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        ModuleNames.All.ShouldAllBe(module => addresses.Of(module) != null);
    }

    [Fact]
    public void Parameters_AllReachAProcess()
    {
        var declared = Source.Tree.DescendantNodes().OfType<VariableDeclaratorSyntax>()
            .Where(variable => variable.Initializer?.Value is InvocationExpressionSyntax call && AppHostSource.NameOf(call) == "AddParameter")
            .Select(variable => variable.Identifier.Text).ToList();
        var used = Source.Calls("WithEnvironment").Select(call => call.ArgumentList.Arguments[^1].Expression.ToString()).ToHashSet();

        declared.Count.ShouldBe(Source.Calls("AddParameter").Count());
        declared.ShouldAllBe(parameter => used.Contains(parameter));
    }

    [Fact]
    public void Runner_GetsNoSecretNoDatabaseNoBroker()
    {
        var calls = Source.StatementsOn("runner").SelectMany(statement => statement.DescendantNodes().OfType<InvocationExpressionSyntax>()).ToList();
        var common = Source.Tree.DescendantNodes().OfType<LocalFunctionStatementSyntax>().Where(function => function.Identifier.Text is "Process" or "Doors").ToList();
        common.Count.ShouldBe(2);
        calls.AddRange(common.SelectMany(function => function.DescendantNodes().OfType<InvocationExpressionSyntax>()));
        var set = calls.Where(call => AppHostSource.NameOf(call) == "WithEnvironment").Select(call => AppHostSource.TextOf(call.ArgumentList.Arguments[0].Expression));

        calls.Select(AppHostSource.NameOf).ShouldNotContain("WithReference");
        calls.Select(AppHostSource.NameOf).ShouldNotContain("Module");
        set.Distinct().ShouldBe(["Access__ServiceKeyHash", "Access__AdminKeyHash", "Doors__Address"], ignoreOrder: true);
    }

    [Fact]
    public void Runner_Published_IsAnImageWithWhatTestsNeed()
    {
        var arguments = Source.Calls("AddDockerfile").Single().ArgumentList.Arguments.Select(argument => AppHostSource.TextOf(argument.Expression)).ToList();
        var context = Path.Combine(Source.Root, "AppHost", arguments[1]);
        var lines = File.ReadAllLines(Path.Combine(context, arguments[2]));
        var installs = string.Join(' ', lines.SkipWhile(line => !line.Contains("apt-get install", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0));

        arguments[0].ShouldBe("runner");
        File.Exists(Path.Combine(context, ".dockerignore")).ShouldBeTrue("bin, obj and .git must not travel");
        new[] { "bubblewrap", "python3", "nodejs" }.ShouldAllBe(tool => installs.Contains(tool, StringComparison.Ordinal));
        lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)).ShouldContain("/sdk:");
        lines.Single(line => line.StartsWith("USER ", StringComparison.Ordinal)).ShouldNotBe("USER root");
        var entry = JsonSerializer.Deserialize<string[]>(lines.Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal))["ENTRYPOINT ".Length..])!;
        entry[^2..].ShouldBe(["--modules", "runner"]);
        entry[1].ShouldBe($"/app/{typeof(Platform.Host.PlatformHost).Assembly.GetName().Name}.dll");
        lines.Where(line => line.StartsWith("ENV ", StringComparison.Ordinal)).SelectMany(line => line[4..].Split(' ')).Select(pair => pair.Split('=')[0]).SelectMany(Host.Unknown).ShouldBeEmpty();
        lines.ShouldAllBe(line => !line.Contains("KEY", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Inference_HasTwoReplicas()
    {
        var call = Source.Calls("WithReplicas").Single();

        call.ToString().ShouldStartWith("Module(\"inference\")");
        call.ArgumentList.Arguments.Single().ToString().ShouldBe("2");
    }

    [Fact]
    public void Surroundings_AreInOrder()
    {
        using var profiles = JsonDocument.Parse(File.ReadAllText(Path.Combine(Source.Root, "AppHost", "apphost.run.json")));
        var azure = File.ReadAllLines(Path.Combine(Source.Root, "azure.yaml"));
        var project = azure.Single(line => line.TrimStart().StartsWith("project:", StringComparison.Ordinal)).Split(':')[1].Trim();

        profiles.RootElement.GetProperty("profiles").EnumerateObject().ShouldAllBe(profile =>
            profile.Value.GetProperty("environmentVariables").GetProperty("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL").GetString()!.StartsWith("http", StringComparison.Ordinal));
        File.Exists(Path.Combine(Source.Root, project)).ShouldBeTrue();
        File.ReadAllText(Path.Combine(Source.Root, "AppHost", "Directory.Packages.props")).ShouldContain("<ManagePackageVersionsCentrally>false<");
        File.Exists(Path.Combine(Source.Root, "AppHost", "Directory.Build.props")).ShouldBeTrue();
    }
}
