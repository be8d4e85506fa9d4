using System.Collections.Frozen;
using System.Globalization;
using System.Resources;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>What an error means and what usually mends it.</summary>
/// <param name="Code">The error's id, such as <c>CS1002</c> or <c>NameError</c>.</param>
/// <param name="Meaning">What is wrong, in one sentence.</param>
/// <param name="Advice">What usually fixes it; empty when only the compiler's own title is known.</param>
/// <param name="Source"><c>table</c> for our own words, <c>compiler</c> for its title.</param>
public sealed record ErrorExplanation(string Code, string Meaning, string Advice, string Source)
{
    private static readonly Lazy<FrozenDictionary<string, ErrorExplanation>> Table = new(Read);
    private static readonly Lazy<FrozenDictionary<string, string>> Titles = new(CompilerTitles);

    /// <summary>Codes that the table explains.</summary>
    public static IReadOnlyCollection<string> Known => Table.Value.Keys;

    /// <summary>Codes that the compiler in this process can report.</summary>
    internal static IReadOnlyCollection<string> OfTheCompiler => Titles.Value.Keys;

    /// <summary>The explanation of a code; the compiler's own title where the table has none; null for a code nobody knows.</summary>
    public static ErrorExplanation? Find(string code)
    {
        if (Table.Value.TryGetValue(code, out var known))
            return known;
        return Titles.Value.TryGetValue(code, out var title) ? new ErrorExplanation(code.ToUpperInvariant(), title, "", "compiler") : null;
    }

    private static FrozenDictionary<string, ErrorExplanation> Read() =>
        new[] { "csharp.tsv", "others.tsv" }.SelectMany(name => Embedded.Text(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.TrimEnd('\r').Split('\t'))
            .ToFrozenDictionary(cells => cells[0], cells => new ErrorExplanation(cells[0], cells[1], cells[2], "table"), StringComparer.OrdinalIgnoreCase);

    // The compiler keeps its messages as resources named after the members of an internal enumeration. Should a version of it
    // do so no longer, codes outside of the table simply have no explanation.
    private static FrozenDictionary<string, string> CompilerTitles()
    {
        var compiler = typeof(CSharpCompilation).Assembly;
        var codes = compiler.GetType("Microsoft.CodeAnalysis.CSharp.ErrorCode");
        if (codes is not { IsEnum: true })
            return FrozenDictionary<string, string>.Empty;
        var resources = new ResourceManager("Microsoft.CodeAnalysis.CSharp.CSharpResources", compiler);
        var titles = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var value in codes.GetEnumValues())
            {
                var number = Convert.ToInt32(value, CultureInfo.InvariantCulture);
                if (number > 0 && resources.GetString(value.ToString()!, CultureInfo.InvariantCulture) is { } title)
                    titles[$"CS{number:0000}"] = Plain(title);
            }
        }
        catch (MissingManifestResourceException)
        {
            titles.Clear();
        }
        return titles.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static string Plain(string title)
    {
        for (var i = 0; i < 8; i++)
            title = title.Replace($"'{{{i}}}'", "'...'", StringComparison.Ordinal).Replace($"{{{i}}}", "...", StringComparison.Ordinal);
        return title.ReplaceLineEndings(" ").Trim();
    }
}
