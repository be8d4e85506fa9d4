using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>Packages that a project depends on, as its manifests name them.</summary>
internal static partial class Dependencies
{
    private const int MaxPackages = 2_000;

    /// <summary>What stands beside packages in a manifest and looks alike: the project's own version, and what it runs on.</summary>
    private static readonly FrozenSet<string> NotPackages = new[] { "version", "lockfileversion", "manifest_version", "schemaversion", "node", "npm", "yarn", "pnpm", "vscode", "python", "edition", "rust-version" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>File names (or their ends) of manifests that are read.</summary>
    public static readonly IReadOnlyList<string> Manifests = ["csproj", "packages.props", "package.json", "requirements.txt", "pyproject.toml", "go.mod", "cargo.toml", "pom.xml", "build.gradle"];

    /// <summary>The packages a manifest names, in lower case.</summary>
    public static IEnumerable<string> Of(string path, string text)
    {
        var name = path.ToLowerInvariant();
        var pattern = name.EndsWith("csproj", StringComparison.Ordinal) || name.EndsWith(".props", StringComparison.Ordinal) ? DotNet()
            : name.EndsWith("package.json", StringComparison.Ordinal) ? Node()
            : name.EndsWith("pom.xml", StringComparison.Ordinal) ? Maven()
            : name.EndsWith(".gradle", StringComparison.Ordinal) ? Gradle()
            : name.EndsWith("go.mod", StringComparison.Ordinal) ? Go()
            : name.EndsWith(".toml", StringComparison.Ordinal) ? Toml()
            : Requirements();
        return pattern.Matches(text).Select(m => m.Groups["name"].Value.ToLowerInvariant()).Where(n => !NotPackages.Contains(n)).Take(MaxPackages);
    }

    [GeneratedRegex(@"<Package(?:Reference|Version)\s+(?:Include|Update)=""(?<name>[\w.\-]{1,200})""", RegexOptions.NonBacktracking)]
    private static partial Regex DotNet();

    [GeneratedRegex(@"""(?<name>@?[\w.\-]{1,100}(?:/[\w.\-]{1,100})?)""\s*:\s*""[~^<>=v ]{0,4}[\d*]", RegexOptions.NonBacktracking)]
    private static partial Regex Node();

    [GeneratedRegex(@"<artifactId>(?<name>[\w.\-]{1,200})</artifactId>", RegexOptions.NonBacktracking)]
    private static partial Regex Maven();

    [GeneratedRegex(@"(?:implementation|api|compileOnly|testImplementation)[ (]+['""](?<name>[\w.\-]{1,100}:[\w.\-]{1,100})", RegexOptions.NonBacktracking)]
    private static partial Regex Gradle();

    [GeneratedRegex(@"(?m)^\s*(?:require\s+)?(?<name>[\w\-]+(?:\.[\w\-]+)+(?:/[\w.\-]+)+)\s+v\d", RegexOptions.NonBacktracking)]
    private static partial Regex Go();

    [GeneratedRegex(@"(?m)^\s*""?(?<name>[A-Za-z][\w.\-]{0,100})""?\s*(?:=\s*(?:""[~^<>=]{0,2}\d|\{)|[<>=~]=)|""(?<name>[A-Za-z][\w.\-]{0,100})\s*(?:\[[\w,]*\])?\s*[<>=~]=", RegexOptions.NonBacktracking)]
    private static partial Regex Toml();

    [GeneratedRegex(@"(?m)^\s*(?<name>[A-Za-z][\w.\-]{0,100})\s*(?:\[[\w,]*\])?\s*(?:[<>=~!]=|$|#|;)", RegexOptions.NonBacktracking)]
    private static partial Regex Requirements();
}
