using System.Text.RegularExpressions;
using System.Xml.Linq;
using Platform.Contracts;

namespace Platform.Tests.Architecture;

/// <summary>Rules that a reader relies on, and that nobody should have to remember.</summary>
public sealed partial class HouseRulesSpec(ITestOutputHelper output)
{
    private const int MostLines = 400;
    private const int UsualLines = 170;

    [Fact]
    public void EveryNameOfTheProtos_HasAComment()
    {
        var bare = new List<string>();
        var seen = 0;
        foreach (var file in Repository.Files("protos/platform", ".proto"))
        {
            var lines = Repository.Read(file).Split('\n');
            for (var i = 1; i < lines.Length; i++)
            {
                if (!Declaration().IsMatch(lines[i]))
                    continue;
                seen++;
                if (!lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal))
                    bare.Add($"{file}:{i + 1}: {lines[i].Trim()}");
            }
        }

        seen.ShouldBeGreaterThan(200);
        bare.ShouldBeEmpty();
    }

    [Fact]
    public void EveryModule_HasAReadmeOfAtMostAPage()
    {
        foreach (var module in ModuleNames.All)
        {
            var path = $"src/{char.ToUpperInvariant(module[0])}{module[1..]}/README.md";
            File.Exists(Path.Combine(Repository.Root, path)).ShouldBeTrue($"{path} is missing: purpose, doors, messages in and out, options, tables");
            Repository.Read(path).Split('\n').Length.ShouldBeInRange(5, 120, path);
        }
    }

    [Fact]
    public void Files_StayShort()
    {
        var sizes = Repository.Files("src", ".cs").Concat(Repository.Files("ServiceDefaults", ".cs")).Concat(Repository.Files("tests", ".cs"))
            .Select(file => (File: file, Lines: Repository.Read(file).TrimEnd().Split('\n').Length)).OrderBy(each => each.Lines).ToList();

        Report("src", sizes);
        Report("tests", sizes);
        sizes.Where(each => each.Lines > MostLines).Select(each => $"{each.File}: {each.Lines}").ShouldBeEmpty();
        var product = sizes.Where(each => !each.File.StartsWith("tests/", StringComparison.Ordinal)).ToList();
        product[product.Count * 95 / 100].Lines.ShouldBeLessThanOrEqualTo(UsualLines);
    }

    [Fact]
    public void PackageVersions_StandInOneFile()
    {
        var projects = new[] { "src", "tests", "ServiceDefaults" }.SelectMany(folder => Repository.Files(folder, ".csproj")).Append("Directory.Build.props").ToList();

        projects.Count.ShouldBeGreaterThan(10);
        projects.Where(HasVersion).ShouldBeEmpty("versions belong into Directory.Packages.props");
    }

    [Fact]
    public void Product_KnowsNothingOfItsMachine()
    {
        var files = Repository.ProductFiles().Concat(Repository.Files("docs")).Concat(Repository.Files(".ci"))
            .Concat(Directory.EnumerateFiles(Repository.Root).Select(path => Path.GetFileName(path)!).Where(name => name != ".git")).ToList();
        var offences = files.Where(file => EvaluationData().IsMatch(Repository.Read(file)));

        files.Count.ShouldBeGreaterThan(300);
        offences.ShouldBeEmpty("evaluation data is for tests and benchmarks only");
    }

    [Fact]
    public void NodeLock_NamesNoRegistry() => Repository.Read("tests/node/package-lock.json").ShouldNotContain("\"resolved\"");

    private void Report(string part, List<(string File, int Lines)> sizes)
    {
        var some = sizes.Where(each => (part == "tests") == each.File.StartsWith("tests/", StringComparison.Ordinal)).ToList();
        output.WriteLine($"{part}: {some.Count} files, median {some[some.Count / 2].Lines} lines, 95% {some[some.Count * 95 / 100].Lines}, longest {some[^1].Lines} ({some[^1].File})");
    }

    private static bool HasVersion(string project) => XDocument.Parse(Repository.Read(project)).Descendants()
        .Where(element => element.Name.LocalName is "PackageReference" or "PackageVersion" or "GlobalPackageReference")
        .Any(element => element.Name.LocalName == "PackageVersion" || element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null
            || element.Elements().Any(child => child.Name.LocalName is "Version" or "VersionOverride"));

    /// <summary>A message, service, call, enum, or a field or value with its number.</summary>
    [GeneratedRegex(@"^\s*(message|service|rpc|enum)\s+\w+|^\s+[\w.<>, ]+\s\w+\s*=\s*\d+\s*(\[.*\])?;")]
    private static partial Regex Declaration();

    /// <summary>The folder beside the repository, from wherever it is named.</summary>
    [GeneratedRegex(@"shared/data\b")]
    private static partial Regex EvaluationData();
}
