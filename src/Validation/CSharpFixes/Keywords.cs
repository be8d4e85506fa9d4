using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>The words of the language, for names that are a slip away from one.</summary>
internal static class Keywords
{
    private static readonly string[] Contextual = ["var", "async", "await", "yield", "partial", "record", "required", "when", "where", "get", "set", "init", "nameof", "global", "select", "from", "orderby", "into", "join", "let"];

    private static readonly string[] All =
        [.. SyntaxFacts.GetReservedKeywordKinds().Select(SyntaxFacts.GetText).Where(w => !w.StartsWith("__", StringComparison.Ordinal)), .. Contextual];

    /// <summary>Keywords that a word may have been meant to be, with their distance.</summary>
    public static IEnumerable<(string Word, double Distance)> Near(string word)
    {
        if (word.Length < 2)
            return [];
        var most = word.Length <= 3 ? 1 : 2;
        return All.Where(k => k != word && Math.Abs(k.Length - word.Length) <= most)
            .Select(k => (Word: k, Distance: Math.Max(0.5, EditDistance.Between(k, word))))
            .Where(k => k.Distance <= most)
            .OrderBy(k => k.Distance).Take(3);
    }
}
