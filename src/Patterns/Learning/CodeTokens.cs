namespace Platform.Patterns;

/// <summary>Tokens of code: identifiers, numbers, and each sign by itself. White space and comments' layout do not matter.</summary>
internal static class CodeTokens
{
    public static List<string> Of(string text)
    {
        var tokens = new List<string>(text.Length / 4);
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]) || char.IsControl(text[i]))
            {
                i++;
                continue;
            }

            var start = i++;
            if (IsWord(text[start]))
            {
                while (i < text.Length && IsWord(text[i]))
                    i++;
            }

            tokens.Add(text[start..i]);
        }

        return tokens;
    }

    /// <summary>Hashes of so many tokens in a row; a text of fewer tokens is one shingle.</summary>
    public static IEnumerable<ulong> Shingles(List<string> tokens, int length)
    {
        for (var i = 0; i + length <= tokens.Count || (i == 0 && tokens.Count > 0); i++)
        {
            var hash = 14695981039346656037UL;
            for (var k = i; k < Math.Min(i + length, tokens.Count); k++)
            {
                foreach (var c in tokens[k])
                    hash = (hash ^ c) * 1099511628211;
                hash = (hash ^ ' ') * 1099511628211;
            }

            yield return hash;
        }
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
