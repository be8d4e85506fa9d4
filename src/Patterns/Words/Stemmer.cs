namespace Platform.Patterns;

/// <summary>
/// A light English stemmer for sub-tokens: plural, past and -ing endings, -er, -ion and -able, so that "iterating", "iterator" and
/// "iterates" meet. It errs on the short side, since both sides of a search are stemmed alike.
/// </summary>
internal static class Stemmer
{
    private static readonly string[] Derived = ["ization", "ational", "fulness", "iveness", "ations", "ation", "ators", "ator", "ables", "able", "ible", "ions", "ion", "ings", "ing", "ates", "ated", "ate", "izes", "ized", "izer", "ize", "ers", "er", "ors", "or", "edly", "ed", "ment", "ness", "ally", "ly"];

    private const int ShortestStem = 3;
    private const int ShortestWord = 4;

    /// <summary>The stem of a lower-case word.</summary>
    public static string Stem(string word)
    {
        var letters = word.ToCharArray();
        return new string(letters, 0, Stem(letters, letters.Length));
    }

    /// <summary>Stems in place a lower-case word; returns the new length.</summary>
    public static int Stem(Span<char> word, int length)
    {
        if (length < ShortestWord || char.IsDigit(word[0]))
            return length;
        length = DropPlural(word, length);
        foreach (var ending in Derived)
        {
            var rest = length - ending.Length;
            if (rest >= ShortestStem && word[..length].EndsWith(ending) && HasVowel(word[..rest]))
                return Finish(word, rest);
        }

        return Finish(word, length);
    }

    private static int DropPlural(Span<char> word, int length)
    {
        var s = word[..length];
        if (s.EndsWith("sses"))
            return length - 2;
        if (s.EndsWith("ies") && length > ShortestWord)
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        if (s.EndsWith("xes") || s.EndsWith("ches") || s.EndsWith("shes"))
            return length - 2;
        return s[^1] == 's' && s[^2] is not ('s' or 'u' or 'i') ? length - 1 : length;
    }

    /// <summary>Undoubles a final consonant, drops a final e and folds y to i: "running" and "run", "store" and "storing".</summary>
    private static int Finish(Span<char> word, int length)
    {
        if (length > ShortestStem && word[length - 1] == word[length - 2] && word[length - 1] is not ('l' or 's' or 'z' or 'e' or 'o'))
            length--;
        if (length > ShortestStem && word[length - 1] == 'e')
            length--;
        if (length > ShortestStem && word[length - 1] == 'y')
            word[length - 1] = 'i';
        return length;
    }

    private static bool HasVowel(ReadOnlySpan<char> word) => word.IndexOfAny("aeiouy") >= 0;
}
