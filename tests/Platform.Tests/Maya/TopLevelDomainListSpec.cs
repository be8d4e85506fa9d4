using Platform.Benchmarks.Maya;

namespace Platform.Tests.Maya;

/// <summary>The list of top-level domains, derived from the file that IANA publishes.</summary>
public sealed class TopLevelDomainListSpec
{
    [Fact]
    public void TopLevelDomains_OfAnIanaList_AreDerivedWithInternationalOnesAsShown()
    {
        string[] lines = ["# Version 2026112100, Last Updated Sat Nov 21", "COM", "AAA", "XN--VERMGENSBERATER-CTB", "XN--P1AI", "", "AAA"];

        var names = TopLevelDomainList.Read(lines);

        names.ShouldBe(["aaa", "com", "vermögensberater", "рф"]);
        var file = TopLevelDomainList.Write(names, lines, new DateOnly(2026, 11, 21)).Split('\n');
        (file[1].Contains("Version 2026112100"), file[1].Contains("4 names"), file[2], file[^2]).ShouldBe((true, true, "aaa", "рф"));
        Should.Throw<FormatException>(() => TopLevelDomainList.Read(["com", "not a name"])).Message.ShouldContain("line 2");
    }
}
