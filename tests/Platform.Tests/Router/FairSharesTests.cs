using FsCheck;
using FsCheck.Fluent;
using Platform.Router;

namespace Platform.Tests.Router;

/// <summary>How places of the batch lane are divided among tenants.</summary>
public sealed class FairSharesTests
{
    [Fact]
    public void Divide_FewPlaces_GivesEachItsShareOverTime()
    {
        var shares = new FairShares(new Dictionary<string, double> { ["heavy"] = 3 });
        var given = new Dictionary<string, int>();

        for (var round = 0; round < 500; round++)
        {
            foreach (var (tenant, places) in shares.Divide(["a", "b", "heavy"], 1))
                given[tenant] = given.GetValueOrDefault(tenant) + places;
        }

        given["a"].ShouldBeInRange(98, 102);
        given["b"].ShouldBeInRange(98, 102);
        given["heavy"].ShouldBeInRange(298, 302);
    }

    [Fact]
    public void Divide_AnyPlaces_GivesThemAllAndNoMore() => Prop.ForAll<ushort, byte>(GivesAll).QuickCheckThrowOnFailure();

    [Fact]
    public void Divide_TenantThatWasAway_DoesNotCatchUp()
    {
        var shares = new FairShares(new Dictionary<string, double>());
        for (var round = 0; round < 100; round++)
            shares.Divide(["a"], 10);

        shares.Divide(["a", "b"], 10).ShouldBe([("a", 5), ("b", 5)]);
    }

    private static bool GivesAll(ushort places, byte tenants)
    {
        var shares = new FairShares(new Dictionary<string, double> { ["t1"] = 5, ["t2"] = 0.1 });
        var names = Enumerable.Range(0, tenants + 1).Select(number => $"t{number}").ToList();
        return Enumerable.Range(0, 5).All(_ => shares.Divide(names, places).Sum(share => share.Places) == places);
    }
}
