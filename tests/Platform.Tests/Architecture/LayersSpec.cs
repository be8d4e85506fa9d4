using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Platform.Tests.Architecture;

/// <summary>Who may know whom: modules share contracts and never each other.</summary>
public sealed partial class LayersSpec
{
    private static readonly string[] ModuleProjects = ["Router", "Inference", "Patterns", "Maya", "Metrics", "Runner"];

    public static TheoryData<string> EachModule => [.. ModuleProjects];

    [Fact]
    public void List_AgreesWithTheHost() =>
        Platform.Host.Modules.All.Select(module => module.Name).ShouldBe(ModuleProjects.Select(name => name.ToLowerInvariant()));

    [Theory]
    [MemberData(nameof(EachModule))]
    public void Module_ReachesNoOtherModule(string module) =>
        Reach($"src/{module}/{module}.csproj").Where(path => path != $"src/{module}/{module}.csproj" && ModuleProjects.Any(other => path == $"src/{other}/{other}.csproj"))
            .ShouldBeEmpty($"{module} may share contracts and libraries with other modules, and never reference one");

    [Theory]
    [MemberData(nameof(EachModule))]
    public void Module_ReachesNeitherHostNorCommandLine(string module) =>
        Reach($"src/{module}/{module}.csproj").Intersect(["src/Host/Host.csproj", "src/Cli/Cli.csproj", "src/Simulator/Simulator.csproj"]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(EachModule))]
    public void Module_NamesNoNamespaceOfAnother(string module)
    {
        var others = ModuleProjects.Where(other => other != module).ToHashSet();
        var offences = from file in Repository.Files($"src/{module}", ".cs").Concat(Repository.Files($"src/{module}", ".razor"))
                       from Match use in UsedModule().Matches(Repository.Read(file))
                       where others.Contains(use.Groups[1].Value)
                       select $"{file}: {use.Value.Trim()}";

        offences.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("src/Contracts/Contracts.csproj")]
    [InlineData("src/Storage/Storage.csproj")]
    [InlineData("src/Privacy/Privacy.csproj")]
    [InlineData("src/Validation/Validation.csproj")]
    [InlineData("src/Simulator/Simulator.csproj")]
    [InlineData("ServiceDefaults/ServiceDefaults.csproj")]
    public void Library_KnowsNoModule(string project)
    {
        Reach(project).Count().ShouldBeGreaterThan(0);
        Reach(project).Where(path => ModuleProjects.Any(module => path == $"src/{module}/{module}.csproj")).ShouldBeEmpty();
    }

    /// <summary>A project with everything that it references, directly or not.</summary>
    private static HashSet<string> Reach(string project)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        Add(project, found);
        return found;
    }

    private static void Add(string project, HashSet<string> found)
    {
        if (!found.Add(project))
            return;
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        foreach (var reference in XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference"))
        {
            var path = Path.GetFullPath(Path.Combine(folder, reference.Attribute("Include")!.Value.Replace('\\', '/')));
            Add(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), found);
        }
    }

    [GeneratedRegex(@"^\s*@?(?:global )?using\s+(?:static\s+|\w+\s*=\s*)?Platform\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex UsedModule();
}
