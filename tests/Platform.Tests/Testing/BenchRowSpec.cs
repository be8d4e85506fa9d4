using System.Text.Json;
using Platform.Benchmarks;
using Platform.Cli.Testing;
using Platform.Tests.Cli;

namespace Platform.Tests.Testing;

public sealed class BenchRowSpec
{
    [Fact]
    public void ToJson_Row_FitsItsSchema()
    {
        var row = JsonElement.Parse(BenchmarkRow.Of("sse", 148.5224, "MB/s", "the framework's parser", 999.94, "from memory").ToJson()).ShouldFit("bench");

        (row.GetProperty("value").GetDouble(), row.GetProperty("peer_value").GetDouble(), row.GetProperty("ratio").GetDouble()).ShouldBe((148.522, 999.94, 0.149));
        row.GetProperty("conditions").GetString()!.ShouldStartWith($"from memory; {Environment.ProcessorCount} cores");
    }

    [Fact]
    public void ToJson_PeerIsZero_HasNoRatio() =>
        JsonElement.Parse(BenchmarkRow.Of("lost", 3, "jobs", "target", 0, "").ToJson()).ShouldFit("bench").GetProperty("ratio").GetDouble().ShouldBe(0);

    [Fact]
    public void Words_Row_SaysItBesideItsPeer() =>
        BenchCommand.Words(JsonElement.Parse("""{"name":"jobs","value":75.5,"unit":"jobs/s","peer":"target","peer_value":300,"ratio":0.252,"conditions":"embedded"}"""))
            .ShouldBe("jobs: 75.5 jobs/s (target: 300, ratio 0.252) - embedded");
}
