namespace Platform.Validation;

/// <summary>The parts of a .NET installation that a run needs to see; the folder itself may lie in a home, with certificates and settings beside it.</summary>
internal static class DotnetFolders
{
    /// <summary>What starts a program.</summary>
    public static IReadOnlyList<string> Runtime(string root) => Of(root, "dotnet", "host", "shared");

    /// <summary>What builds one as well.</summary>
    public static IReadOnlyList<string> Sdk(string root) => Of(root, "dotnet", "host", "shared", "sdk", "packs", "sdk-manifests", "library-packs", "templates");

    private static string[] Of(string root, params ReadOnlySpan<string> names)
    {
        if (root.StartsWith("/usr/", StringComparison.Ordinal))
            return [];
        var found = new List<string>();
        foreach (var name in names)
        {
            if (Path.Exists(Path.Combine(root, name)))
                found.Add(Path.Combine(root, name));
        }
        return [.. found];
    }
}
