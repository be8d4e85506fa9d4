namespace Platform.Simulator.Limits;

/// <summary>
/// Token counts without a tokenizer: four characters are one token. The real tokenizers are not public for every model, and
/// a stable estimate is enough for usage, pace and quotas.
/// </summary>
internal static class TokenCount
{
    public const int CharactersPerToken = 4;

    public static int Of(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    /// <summary>The longest start of <paramref name="text"/> of at most so many tokens that ends between two characters.</summary>
    public static string Cut(string text, int tokens)
    {
        var length = (int)Math.Min(text.Length, (long)tokens * CharactersPerToken);
        if (length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]))
            length--;
        return text[..length];
    }

    /// <summary>Splits a text into pieces of about so many tokens, never inside a surrogate pair.</summary>
    public static IEnumerable<(ReadOnlyMemory<char> Text, int Tokens)> Pieces(string text, int tokens)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = (int)Math.Min(text.Length, start + ((long)tokens * CharactersPerToken));
            if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
                end++;
            yield return (text.AsMemory(start, end - start), (end - start + CharactersPerToken - 1) / CharactersPerToken);
            start = end;
        }
    }
}
