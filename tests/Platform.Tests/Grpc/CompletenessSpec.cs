using System.Reflection;
using Grpc.Core;
using Grpc.Net.Compression;
using Shouldly;
using Xunit;

namespace Platform.Tests.Grpc;

/// <summary>
/// The official server and client find in the two abstraction assemblies everything that they refer to. A missing member would
/// otherwise show only when the method that uses it is compiled to machine code, perhaps weeks later.
/// </summary>
public sealed class CompletenessSpec
{
    private static readonly string[] Abstractions = [typeof(Status).Assembly.Location, typeof(ICompressionProvider).Assembly.Location];

    public static TheoryData<string> OfficialAssemblies()
    {
        var names = new TheoryData<string>("Grpc.AspNetCore.Server", "Grpc.Net.Client");
        // Part of the public feed's package only.
        if (File.Exists(PathOf("Grpc.Net.ClientFactory")))
            names.Add("Grpc.Net.ClientFactory");
        return names;
    }

    [Theory]
    [MemberData(nameof(OfficialAssemblies))]
    public void References_OfOfficialAssembly_AllResolve(string assembly) => Missing(Asked(assembly), Offered()).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(OfficialAssemblies))]
    public void References_WithOneTakenAway_ReportsExactlyThatOne(string assembly)
    {
        var asked = Asked(assembly);
        var offered = Offered();
        foreach (var line in asked)
            Missing(asked, offered.Except([line])).ShouldBe([line]);
    }

    [Fact]
    public void References_OfServerAndClient_AreReallyRead()
    {
        var asked = OfficialAssemblies().SelectMany(row => Asked(row.Data)).ToHashSet();

        asked.Count.ShouldBeGreaterThan(140);
        asked.ShouldContain("Grpc.Core.Metadata::Empty : Grpc.Core.Metadata");
        asked.ShouldContain("Grpc.Core.Metadata/Entry::get_IsBinary``0() : Boolean");
        asked.ShouldContain("Grpc.Core.IAsyncStreamWriter`1::WriteAsync``0(!0, System.Threading.CancellationToken) : System.Threading.Tasks.Task");
        asked.ShouldContain("Grpc.Core.AuthProperty::Create``0(String, Byte[]) : Grpc.Core.AuthProperty static");
    }

    // Loading a type checks what names cannot: that each override has its base method with equal constraints, and no abstract member is left open.
    [Theory]
    [MemberData(nameof(OfficialAssemblies))]
    public void Types_OfOfficialAssembly_AllLoad(string assembly) =>
        Assembly.Load(assembly).GetTypes().Length.ShouldBeGreaterThan(10);

    [Theory]
    [MemberData(nameof(OfficialAssemblies))]
    public void Identity_ThatOfficialAssemblyNames_IsTheAbstractions(string assembly)
    {
        var named = Assembly.Load(assembly).GetReferencedAssemblies().ToDictionary(name => name.Name!, name => name.FullName);

        named["Grpc.Core.Api"].ShouldBe(typeof(Status).Assembly.FullName);
        if (named.TryGetValue("Grpc.Net.Common", out var common))
            common.ShouldBe(typeof(ICompressionProvider).Assembly.FullName);
    }

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");

    private static IEnumerable<string> Missing(IEnumerable<string> asked, IEnumerable<string> offered) => asked.Except(offered);

    private static HashSet<string> Asked(string assembly) =>
        [.. Abstractions.SelectMany(target => AssemblySurface.Asked(PathOf(assembly), Path.GetFileNameWithoutExtension(target)))];

    private static HashSet<string> Offered() => [.. Abstractions.SelectMany(AssemblySurface.Offered)];
}
