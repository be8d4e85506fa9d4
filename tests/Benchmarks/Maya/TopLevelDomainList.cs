using System.Globalization;
using System.Text;

namespace Platform.Benchmarks.Maya;

/// <summary>
/// Derives the list of top-level domains from the file that IANA publishes (<c>tlds-alpha-by-domain.txt</c>): one name a line, upper case, international ones in
/// Punycode, '#' begins a comment. Command <c>derive-tlds FILE [OUTPUT]</c>.
/// </summary>
internal static class TopLevelDomainList
{
    private const int MaxLabel = 63;
    private const int FewestNames = 1_000;
    private const string Punycode = "xn--";

    /// <summary>Rewrites the data file, or another that is named; 1 when the source is no such list.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length is 0 or > 2)
        {
            await Console.Error.WriteLineAsync("usage: derive-tlds FILE [OUTPUT]; FILE is IANA's tlds-alpha-by-domain.txt.");
            return 2;
        }

        var lines = await File.ReadAllLinesAsync(args[0]);
        var names = Read(lines);
        if (names.Count < FewestNames && args.Length == 1)
        {
            await Console.Error.WriteLineAsync($"{args[0]} has {names.Count} names, and the root zone has more than {FewestNames}; name an output to write it all the same.");
            return 1;
        }

        var output = args.Length == 2 ? args[1] : Path.Combine("src", "Maya", "XText", "tlds.txt");
        if (args.Length == 1 && !File.Exists(output))
        {
            await Console.Error.WriteLineAsync($"{output} is not here: run this inside the repository, or name an output.");
            return 2;
        }

        await File.WriteAllTextAsync(output, Write(names, lines, DateOnly.FromDateTime(DateTime.UtcNow)));
        Console.WriteLine($"wrote {output}: {names.Count} names");
        return 0;
    }

    /// <summary>Names in lower case, international ones as they are shown: those in ASCII first, each group in order of its characters.</summary>
    /// <exception cref="FormatException">A line is no name of a domain.</exception>
    public static IReadOnlyList<string> Read(IEnumerable<string> lines)
    {
        var international = new IdnMapping();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, line) in lines.Index())
        {
            var name = line.Trim().ToLowerInvariant();
            if (name.Length == 0 || name[0] == '#')
                continue;
            if (name.Length > MaxLabel || name[0] == '-' || name[^1] == '-' || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
                throw new FormatException($"line {number + 1} is '{name[..Math.Min(MaxLabel, name.Length)]}'; it must be the name of a top-level domain in ASCII.");
            names.Add(name.StartsWith(Punycode, StringComparison.Ordinal) ? international.GetUnicode(name) : name);
        }

        return [.. names.OrderBy(name => !Ascii.IsValid(name)).ThenBy(name => name, StringComparer.Ordinal)];
    }

    /// <summary>The data file: what it is, where it comes from, one name a line.</summary>
    public static string Write(IReadOnlyCollection<string> names, IEnumerable<string> source, DateOnly today)
    {
        var version = source.FirstOrDefault(line => line.StartsWith('#'))?.TrimStart('#').Trim() ?? "no version stated";
        string[] head =
        [
            "# Top-level domains, lower case, international ones as they are shown. One a line.",
            string.Create(CultureInfo.InvariantCulture, $"# Source: the root zone as IANA publishes it ({version}; {names.Count} names), derived {today:yyyy-MM-dd}."),
        ];
        return string.Join('\n', head.Concat(names)) + "\n";
    }
}
