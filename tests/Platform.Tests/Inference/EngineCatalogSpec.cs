using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>Engines and chains as configuration describes them.</summary>
public sealed class EngineCatalogSpec
{
    [Fact]
    public void WithoutKeys_NothingIsUsable()
    {
        var catalog = Read();

        catalog.IsEmpty.ShouldBeTrue();
        catalog.Engines.Select(engine => engine.Name).ShouldBe(["Cerebras", "Claude"]);
        catalog.Chain(Approaches.Instructions, "t").ShouldBeEmpty();
    }

    [Fact]
    public void Keys_MakeTheBuiltInEnginesUsableInTheOrderOfTheApproach()
    {
        var catalog = Read(("Engines:Cerebras:ApiKey", "a"), ("Engines:Claude:ApiKey", "b"));

        Names(catalog, Approaches.Instructions).ShouldBe(["Cerebras", "Claude"]);
        Names(catalog, Approaches.Traditional).ShouldBe(["Claude", "Cerebras"]);
        Names(catalog, Approaches.Pattern).ShouldBeEmpty();
        catalog.Find("cerebras")!.ToString().ShouldNotContain("ApiKey = a");
    }

    [Fact]
    public void LocalServer_JoinsEveryChainWithoutAKey()
    {
        var catalog = Read(("Engines:Claude:ApiKey", "b"), ("Engines:Ollama:Kind", "openai"), ("Engines:Ollama:BaseUrl", "http://localhost:11434/v1"), ("Engines:Ollama:Models:Quality", "qwen"));

        Names(catalog, Approaches.Mcp).ShouldBe(["Claude", "Ollama"]);
        catalog.Find("Ollama")!.Fast.Id.ShouldBe("qwen");
    }

    [Fact]
    public void Chain_IsWhatConfigurationSays()
    {
        var catalog = Read(("Engines:Cerebras:ApiKey", "a"), ("Engines:Claude:ApiKey", "b"), ("Inference:Chains:instructions", "Claude, Cerebras"), ("Inference:Chains:mcp:0", "Claude"));

        Names(catalog, Approaches.Instructions).ShouldBe(["Claude", "Cerebras"]);
        Names(catalog, Approaches.Mcp).ShouldBe(["Claude"]);
    }

    [Fact]
    public void Chain_NeverMixesRealEnginesWithSimulatedOnes()
    {
        var catalog = Read(("Engines:Cerebras:ApiKey", "a"), ("Engines:Claude:ApiKey", "b"), ("Engines:Claude:Simulated", "true"));

        Names(catalog, Approaches.Instructions).ShouldBe(["Cerebras"]);
        Names(catalog, Approaches.Traditional).ShouldBe(["Claude"]);
    }

    [Fact]
    public void Tenant_IsServedOnlyByEnginesItAccepts()
    {
        var catalog = Read(("Engines:Cerebras:ApiKey", "a"), ("Engines:Claude:ApiKey", "b"), ("Inference:AllowedEngines:careful", "Claude"));

        catalog.Chain(Approaches.Instructions, "careful").Select(engine => engine.Name).ShouldBe(["Claude"]);
        catalog.Chain(Approaches.Instructions, "other").Count.ShouldBe(2);
    }

    [Fact]
    public void ValuesOfATier_WinOverThoseOfTheEngine()
    {
        var claude = Read(("Engines:Claude:ContextTokens", "150000"), ("Engines:Claude:Fast:ContextTokens", "50000"), ("Engines:Claude:Fast:PriceOutput", "4.5")).Find("Claude")!;

        (claude.Quality.ContextTokens, claude.Fast.ContextTokens, claude.Fast.Price.Output).ShouldBe((150_000, 50_000, 4.5m));
    }

    [Theory]
    [InlineData("Engines:Cerebras:BaseUrl", "cerebras", "Engines:Cerebras:BaseUrl is 'cerebras'; use")]
    [InlineData("Engines:Cerebras:MaxConcurrency", "0", "Engines:Cerebras:MaxConcurrency is '0'; use a whole number from 1")]
    [InlineData("Engines:Cerebras:PriceInput", "cheap", "such as 0.35")]
    [InlineData("Engines:Cerebras:Quirks", "odd", "some of max_tokens")]
    [InlineData("Engines:Mine:Kind", "magic", "one of cerebras, anthropic, openai")]
    [InlineData("Engines:Mine:BaseUrl", "http://x", "Engines:Mine:Kind is ''")]
    [InlineData("Inference:Chains:instructions", "Nobody", "names under Engines (Cerebras, Claude)")]
    [InlineData("Inference:Chains:pattern", "Claude", "one of instructions, mcp, traditional")]
    public void WrongValue_IsNamedWithAGoodOne(string key, string value, string message) =>
        Should.Throw<InvalidOperationException>(() => Read((key, value))).Message.ShouldContain(message);

    [Fact]
    public void RequestFields_OfTheEngineAndOfOneTier_AreReadAsJsonHasThem()
    {
        var engine = Read(("Engines:Cerebras:Request:reasoning_effort", "low"), ("Engines:Cerebras:Request:seed", "7"), ("Engines:Cerebras:Fast:Request:reasoning_effort", "none"), ("Engines:Cerebras:Request:top_p", "0.9")).Find("Cerebras").ShouldNotBeNull();

        engine.Quality.RequestFields.ShouldBe(new Dictionary<string, object> { ["reasoning_effort"] = "low", ["seed"] = 7L, ["top_p"] = 0.9m }, ignoreOrder: true);
        engine.Fast.RequestFields["reasoning_effort"].ShouldBe("none");
    }

    [Theory]
    [InlineData("Engines:Cerebras:Request:store", "true", "fields are clear_thinking")]
    [InlineData("Engines:Cerebras:Request:top_p", "1.5", "Engines:Cerebras:Request:top_p")]
    [InlineData("Engines:Claude:Request:seed", "1", "for engines of kind cerebras and openai")]
    public void RequestField_ThatIsNoneOrHasNoSuchValue_IsRefused(string key, string value, string message) =>
        Should.Throw<InvalidOperationException>(() => Read((key, value))).Message.ShouldContain(message);

    [Fact]
    public void AddressWithCredentials_IsRefusedWithoutShowingThem() =>
        Should.Throw<InvalidOperationException>(() => Read(("Engines:Cerebras:BaseUrl", "https://me:geheim@host"))).Message.ShouldNotContain("geheim");

    private static IEnumerable<string> Names(EngineCatalog catalog, string approach) => catalog.Chain(approach, "t").Select(engine => engine.Name);

    private static EngineCatalog Read(params (string Key, string Value)[] settings) =>
        EngineCatalog.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
