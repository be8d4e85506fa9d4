using Platform.Cli.Commands;
using Shouldly;

namespace Platform.Tests.Cli;

/// <summary>The assemblies of packages, as a restore wrote them down; the file is the workspace's and may say anything.</summary>
public sealed class PackageReferencesSpec : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("platform-assets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Of_SeveralFrameworks_TakesTheLatest()
    {
        Write("packages/goods/1/lib/net9.0/Goods.dll");
        var late = Write("packages/goods/1/lib/net10.0/Goods.dll");
        Assets("goods/1", ("net9.0", "lib/net9.0/Goods.dll"), ("net10.0", "lib/net10.0/Goods.dll"), ("net48", "lib/net9.0/Goods.dll"));

        PackageReferences.Of(folder).ShouldBe([late]);
    }

    [Theory]
    [InlineData("goods/1", "../../../outside.dll")]
    [InlineData("..", "outside.dll")]
    [InlineData("goods/1", "{folder}/outside.dll")]
    [InlineData("goods\\u0000", "a.dll")]
    public void Of_NameBesideThePackages_ReachesNothing(string path, string name)
    {
        Write("outside.dll");
        Assets(path, ("net10.0", name.Replace("{folder}", folder, StringComparison.Ordinal)));

        PackageReferences.Of(folder).ShouldBeEmpty();
    }

    private string Write(string name)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }

    private void Assets(string path, params (string Framework, string Name)[] targets) => File.WriteAllText(Write("obj/project.assets.json"), $$"""
        {
          "packageFolders": { "{{folder}}/packages": {} },
          "targets": { {{string.Join(", ", targets.Select(t => $$$"""  "{{{t.Framework}}}": { "Goods/1": { "type": "package", "compile": { "{{{t.Name}}}": {} } } }  """))}} },
          "libraries": { "Goods/1": { "path": "{{path}}" } }
        }
        """);
}
