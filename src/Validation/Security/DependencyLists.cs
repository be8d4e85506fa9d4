using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>One package that a file asks for.</summary>
/// <param name="Ecosystem"><c>nuget</c>, <c>npm</c> or <c>pypi</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Line">Line from 1.</param>
/// <param name="Pinned">False when the version is left open where one could be given.</param>
internal sealed record Dependency(string Ecosystem, string Name, int Line, bool Pinned);

/// <summary>Reads package lists: requirements, package.json, project files, directives in C# files, and install commands and imports in scripts.</summary>
internal static class DependencyLists
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private static readonly Regex Requirement = new("""^\s*(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?<version>[=<>!~][^;#]*)?\s*(?:;.*)?(?:#.*)?$""", Linear);
    private static readonly Regex Directive = new("""^\s*(?:#r\s+"nuget:\s*(?<name>[^",\s]+)\s*(?:,\s*(?<version>[^"]+))?"|#:package\s+(?<name>[^@\s]+)(?:@(?<version>\S+))?)""", Linear);
    private static readonly Regex Element = new("""<(?<kind>PackageReference|PackageVersion|GlobalPackageReference)\s[^>]*\b(?:Include|Update)\s*=\s*"(?<name>[^"]+)"[^>]*>""", Linear | RegexOptions.IgnoreCase);
    private static readonly Regex VersionOf = new(@"\bVersion(?:Override)?\s*=\s*""(?<version>[^""]*)""", Linear | RegexOptions.IgnoreCase);
    private static readonly Regex Install = new("""\b(?:(?<pip>pip[23]?\s+install)|(?<npm>npm\s+(?:install|i|add)|yarn\s+add|pnpm\s+add))\s+(?<rest>[^|;&]+)""", Linear);
    private static readonly Regex PythonImport = new("""^\s*(?:import|from)\s+(?<name>[A-Za-z0-9_]+)""", Linear);
    private static readonly Regex ScriptImport = new("""(?:\brequire\s*\(\s*|\bfrom\s+|\bimport\s+)["'](?<name>[a-z0-9][a-z0-9._-]*)["'/]""", Linear);

    /// <summary>Whether such a file can ask for packages.</summary>
    public static bool Reads(SourceFile file) =>
        file.Language is "csharp" or "python" or "javascript" or "typescript" or "shell" || IsRequirements(file) || IsManifest(file) || IsProject(file);

    /// <summary>Every package a file asks for.</summary>
    public static IEnumerable<Dependency> In(SourceFile file) =>
        IsManifest(file) ? PackageManifest.Read(file.Text) : TextPieces.Of(file.Text).SelectMany(piece => OnLine(file, piece.Line, piece.Text.TrimEnd('\r')));

    private static bool IsRequirements(SourceFile file) => Path.GetFileName(file.Path) is var name
        && name.EndsWith(".txt", StringComparison.OrdinalIgnoreCase) && (name.StartsWith("requirements", StringComparison.OrdinalIgnoreCase) || name.EndsWith("requirements.txt", StringComparison.OrdinalIgnoreCase) || name.StartsWith("constraints", StringComparison.OrdinalIgnoreCase));

    private static bool IsManifest(SourceFile file) => Path.GetFileName(file.Path).Equals("package.json", StringComparison.OrdinalIgnoreCase);

    private static bool IsProject(SourceFile file) => Path.GetExtension(file.Path).ToLowerInvariant() is ".csproj" or ".props" or ".targets" or ".fsproj" or ".vbproj";

    private static IEnumerable<Dependency> OnLine(SourceFile file, int line, string text) => file.Language switch
    {
        "csharp" => Directive.Match(text) is { Success: true } m ? [new Dependency("nuget", m.Groups["name"].Value, line, Exact(m.Groups["version"].Value))] : [],
        "python" => Imports(PythonImport, "pypi", line, text),
        "javascript" or "typescript" => Imports(ScriptImport, "npm", line, text),
        "shell" => Installed(line, text),
        _ => IsRequirements(file) ? Required(line, text) : Referenced(line, text),
    };

    private static IEnumerable<Dependency> Imports(Regex pattern, string ecosystem, int line, string text) =>
        pattern.Match(text) is { Success: true } m ? [new Dependency(ecosystem, m.Groups["name"].Value, line, Pinned: true)] : [];

    private static IEnumerable<Dependency> Required(int line, string text)
    {
        if (Requirement.Match(text) is not { Success: true } match)
            return [];
        var version = match.Groups["version"].Value.Trim();
        return [new Dependency("pypi", match.Groups["name"].Value, line, version.StartsWith("==", StringComparison.Ordinal) && !version.Contains('*'))];
    }

    /// <summary>A reference without a version is fine in a project whose versions stand in one place; an open one is not.</summary>
    private static IEnumerable<Dependency> Referenced(int line, string text)
    {
        foreach (Match match in Element.Matches(text))
        {
            var version = VersionOf.Match(match.Value);
            yield return new Dependency("nuget", match.Groups["name"].Value, line, !version.Success || Exact(version.Groups["version"].Value) || version.Groups["version"].Value.StartsWith('$'));
        }
    }

    private static IEnumerable<Dependency> Installed(int line, string text)
    {
        foreach (Match match in Install.Matches(text))
        {
            var python = match.Groups["pip"].Success;
            foreach (var word in match.Groups["rest"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('"', '\'')).TakeWhile(w => w is not ("-r" or "-e" or ">" or "#")))
            {
                var name = word.Split('=', '<', '>', '~', '[', '!')[0].TrimEnd('@');
                var at = python ? -1 : word.LastIndexOf('@');
                name = at > 0 ? word[..at] : name;
                if (name.Length > 0 && char.IsAsciiLetter(name[0]) && !name.Contains('/') && !name.Contains('.'))
                    yield return new Dependency(python ? "pypi" : "npm", name, line, python ? word.Contains("==", StringComparison.Ordinal) : at > 0 && Exact(word[(at + 1)..]));
            }
        }
    }

    /// <summary>A version that names one release: no range, star or tag.</summary>
    internal static bool Exact(string version)
    {
        var number = version.TrimStart('v', '=', '[');
        return number.Length > 0 && char.IsAsciiDigit(number[0]) && !number.Contains('*') && !number.Contains(' ') && !number.Contains('|') && !number.EndsWith(".x", StringComparison.Ordinal) && !number.EndsWith(",)", StringComparison.Ordinal);
    }
}
