using System.Text.RegularExpressions;

namespace Platform.Tests.Architecture;

/// <summary>
/// Where the peers are, which bus, which store: three switches, each read in one place. Nobody else asks whether things are local.
/// </summary>
public sealed partial class SwitchesSpec
{
    private const string Peering = "ServiceDefaults/Peering/";
    private const string Bus = "src/Host/Bus.cs";
    private const string Store = "src/Storage/StoreSwitch.cs";

    // These give the switches to the processes that they start, or keep them from those; they decide nothing by them.
    private static readonly string[] Setters = ["AppHost/", "src/Cli/Servers/", "src/Cli/Cluster/", "src/Cli/Testing/"];

    private static readonly IReadOnlyList<string> Readers = [.. Repository.ProductFiles(".cs").Where(file => !Setters.Any(setter => file.StartsWith(setter, StringComparison.Ordinal)))];

    [Fact]
    public void Peers_AreReadInOnePlace()
    {
        var readers = Readers.Where(file => Repository.Literals(file).Any(text => PeersKey().IsMatch(text))).ToList();

        readers.ShouldAllBe(file => file.StartsWith(Peering, StringComparison.Ordinal));
        readers.ShouldHaveSingleItem();
    }

    [Fact]
    public void ConnectionStrings_AreReadInTwoPlaces_OneSwitchEach()
    {
        Readers.Where(file => Repository.Calls(file).Contains("GetConnectionString")).ShouldBe([Bus, Store], ignoreOrder: true);
        Repository.Literals(Bus).ShouldContain("messaging");
        Repository.Literals(Bus).ShouldNotContain("platform");
        Repository.Literals(Store).ShouldContain("platform");
        Repository.Literals(Store).ShouldNotContain("messaging");
    }

    [Fact]
    public void ConnectionStrings_AreReadByNoOtherWay() =>
        Readers.Except([Bus, Store]).Where(file => Repository.Literals(file).Any(text => ConnectionKey().IsMatch(text))).ShouldBeEmpty();

    [Fact]
    public void Setters_SetEverySwitch()
    {
        var literals = Setters.SelectMany(folder => Repository.Files(folder, ".cs")).SelectMany(Repository.Literals).ToList();

        literals.ShouldContain(text => text.StartsWith("Peers__", StringComparison.Ordinal));
        literals.ShouldContain("ConnectionStrings__platform");
        literals.ShouldContain("ConnectionStrings__messaging");
    }

    [GeneratedRegex("^Peers(:|__|$)")]
    private static partial Regex PeersKey();

    [GeneratedRegex("^ConnectionStrings(:$|__|$|:(platform|messaging)$)")]
    private static partial Regex ConnectionKey();
}
