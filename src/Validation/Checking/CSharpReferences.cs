using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>The assemblies C# is compiled against: the SDK's reference packs, or the running framework's own where no SDK is installed.</summary>
internal static class CSharpReferences
{
    /// <summary>The folder beside this library with the test host and xunit.</summary>
    public static string TestKitPath { get; } = Path.Combine(AppContext.BaseDirectory, "testkit");

    private static readonly Lazy<Dictionary<string, byte[]>> KitFiles = new(() => Directory.GetFiles(TestKitPath).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes));
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Platform = new(LoadPlatform);
    private static readonly Lazy<HashSet<string>> FrameworkNames = new(() => [.. Platform.Value.Select(r => Path.GetFileNameWithoutExtension(r.Display) ?? "")]);
    private static readonly Lazy<IReadOnlyList<MetadataReference>> TestKit = new(() => [.. LoadFolder(TestKitPath, "xunit.*.dll"), .. LoadFolder(TestKitPath, "Microsoft.Bcl.*.dll")]);

    private const int MostLoaded = 1000;
    private static readonly ConcurrentDictionary<string, ((long, DateTime) Stamp, MetadataReference Reference)> Loaded = new(StringComparer.Ordinal);

    /// <summary>Base class library and, when its pack is installed, ASP.NET Core.</summary>
    public static IReadOnlyList<MetadataReference> Framework => Platform.Value;

    /// <summary>The xunit assemblies that tests are compiled against.</summary>
    public static IReadOnlyList<MetadataReference> Xunit => TestKit.Value;

    /// <summary>The files of the test kit as they lie under a folder of a run.</summary>
    public static Dictionary<string, byte[]> TestKitUnder(string folder) => KitFiles.Value.ToDictionary(f => $"{folder}/{f.Key}", f => f.Value);

    /// <summary>The folder of the .NET installation that runs this process; null in a self-contained one.</summary>
    public static string? DotnetRoot { get; } = FindRoot();

    /// <summary>
    /// References for the workspace's own assemblies; a path that is not there is an error that names it. A package's copy of an assembly of the framework is left out, as a build does:
    /// both together make every type of it ambiguous.
    /// </summary>
    public static IEnumerable<MetadataReference> FromPaths(IEnumerable<string> paths) =>
        paths.Where(p => File.Exists(p)
                ? !FrameworkNames.Value.Contains(Path.GetFileNameWithoutExtension(p))
                : throw new FileNotFoundException($"The referenced assembly '{p}' does not exist.", p))
            .Select(Load);

    // What was read stays read for as long as the file is the same: a fix compiles hundreds of times against a project's packages.
    private static MetadataReference Load(string path)
    {
        var file = new FileInfo(path);
        var stamp = (file.Length, file.LastWriteTimeUtc);
        if (Loaded.TryGetValue(path, out var known) && known.Stamp == stamp)
            return known.Reference;
        var reference = MetadataReference.CreateFromFile(path);
        if (Loaded.Count >= MostLoaded)
            Loaded.Clear();
        Loaded[path] = (stamp, reference);
        return reference;
    }

    private static IReadOnlyList<MetadataReference> LoadPlatform()
    {
        var packs = new[] { "Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref" }.Select(PackFolder).OfType<string>().ToList();
        if (packs.Count > 0 && packs[0].Contains("Microsoft.NETCore.App.Ref"))
            return [.. packs.SelectMany(p => LoadFolder(p, "*.dll"))];
        var trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        // Our own assemblies are on that list too; generated code must not see them.
        return [.. trusted.Split(Path.PathSeparator)
            .Where(p => !p.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal) && p.EndsWith(".dll", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p))];
    }

    private static string? PackFolder(string pack)
    {
        var root = DotnetRoot is null ? null : Path.Combine(DotnetRoot, "packs", pack);
        if (!Directory.Exists(root))
            return null;
        var major = Environment.Version.Major + ".";
        return Directory.GetDirectories(root)
            .Where(d => Path.GetFileName(d).StartsWith(major, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(d => Directory.GetDirectories(Path.Combine(d, "ref")))
            .LastOrDefault();
    }

    private static List<MetadataReference> LoadFolder(string folder, string pattern) =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal).Select(f => MetadataReference.CreateFromFile(f))]
            : [];

    private static string? FindRoot()
    {
        // .../shared/Microsoft.NETCore.App/10.0.x/System.Private.CoreLib.dll
        var core = typeof(object).Assembly.Location;
        var root = core.Length == 0 ? null : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(core)!, "..", "..", ".."));
        return root is not null && (File.Exists(Path.Combine(root, "dotnet")) || File.Exists(Path.Combine(root, "dotnet.exe"))) ? root : null;
    }
}
