using System.Collections.Frozen;

namespace Platform.Validation;

/// <summary>Well-known package names by ecosystem.</summary>
internal static class PackageNames
{
    // Below five letters honest names are too close to each other.
    private const int Shortest = 5;
    private const int Longest = 100;

    private static readonly FrozenDictionary<string, FrozenSet<string>> Known =
        Embedded.Text("popular-packages.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))
            .Select(line => line.Split(": ", 2)).ToFrozenDictionary(part => part[0], part => part[1].Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>The well-known name that another one imitates: one letter more, less, other or swapped, or another mark between words. Null when there is none.</summary>
    public static string? Imitated(string ecosystem, string name)
    {
        var known = Known[ecosystem];
        if (name.Length is < Shortest or > Longest || known.Contains(name))
            return null;
        var plain = Plain(name);
        // Python itself takes '-', '_' and '.' for the same.
        if (ecosystem == "pypi" && known.Any(k => Plain(k) == plain && k.Length == name.Length))
            return null;
        return known.FirstOrDefault(k => k.Length >= Shortest && Math.Abs(k.Length - name.Length) <= 1 && EditDistance.Between(k, name) == 1)
            ?? known.FirstOrDefault(k => k.Length >= Shortest && Plain(k) == plain);
    }

    private static string Plain(string name) => name.Replace("-", "").Replace("_", "").Replace(".", "").ToLowerInvariant();
}
