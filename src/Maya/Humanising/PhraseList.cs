namespace Platform.Maya;

/// <summary>A phrase found in a text.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="Length">UTF-16 units.</param>
/// <param name="Replacement">What to write instead; empty drops it.</param>
internal readonly record struct FoundPhrase(int Start, int Length, string Replacement);

/// <summary>
/// Finds stock phrases, longest first, by looking up each word of the text among the phrases' first words: a few microseconds a post,
/// where one large pattern needs hundreds.
/// </summary>
internal sealed class PhraseList
{
    private readonly Dictionary<string, (string Phrase, string Replacement)[]>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>The list of an embedded file: one "phrase => replacement" a line.</summary>
    public PhraseList(string file) => _lookup = Load(file).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The phrases of a text, in order and without overlap.</summary>
    public List<FoundPhrase> Find(string text)
    {
        var found = new List<FoundPhrase>();
        for (var at = 0; at < text.Length;)
        {
            var end = WordEnd(text, at);
            if (end == at)
            {
                at++;
                continue;
            }

            var match = MayBegin(text, at) && _lookup.TryGetValue(text.AsSpan(at, end - at), out var phrases) ? Match(text, at, phrases) : default;
            if (match.Length > 0)
                found.Add(match);
            at = match.Length > 0 ? at + match.Length : end;
        }

        return found;
    }

    private static FoundPhrase Match(string text, int at, (string Phrase, string Replacement)[] phrases)
    {
        foreach (var (phrase, replacement) in phrases)
        {
            if (at + phrase.Length <= text.Length && Same(text.AsSpan(at, phrase.Length), phrase) && MayEnd(text, at + phrase.Length))
                return new(at, phrase.Length, replacement);
        }

        return default;
    }

    private static bool Same(ReadOnlySpan<char> text, string phrase)
    {
        for (var i = 0; i < phrase.Length; i++)
        {
            if (char.ToLowerInvariant(text[i] == '’' ? '\'' : text[i]) != phrase[i])
                return false;
        }

        return true;
    }

    private static bool MayBegin(string text, int at) => at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '#' or '@' or '/' or '.' or '-' or '\'' or '’');

    /// <summary>After a phrase that ends in a letter no word goes on, not even with a dash or an apostrophe.</summary>
    private static bool MayEnd(string text, int end)
    {
        if (end == text.Length || !char.IsLetterOrDigit(text[end - 1]))
            return true;
        var next = text[end];
        return !(char.IsLetterOrDigit(next) || next is '_' or '-' || (next is '\'' or '’' && end + 1 < text.Length && char.IsLetter(text[end + 1])));
    }

    private static int WordEnd(string text, int at)
    {
        while (at < text.Length && char.IsLetter(text[at]))
            at++;
        return at;
    }

    private static Dictionary<string, (string, string)[]> Load(string file) => EmbeddedLines.Of(file).Select(line => line.Split("=>"))
        .Select(cells => (Phrase: cells[0].Trim(), Replacement: cells[1].Trim()))
        .GroupBy(p => p.Phrase[..WordEnd(p.Phrase, 0)], StringComparer.OrdinalIgnoreCase)
        .ToDictionary(g => g.Key, g => g.OrderByDescending(p => p.Phrase.Length).ToArray(), StringComparer.OrdinalIgnoreCase);
}
