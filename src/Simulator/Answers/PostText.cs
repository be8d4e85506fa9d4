using System.Globalization;

namespace Platform.Simulator.Answers;

/// <summary>
/// A short social post from words of the brief. Sentences and words are drawn, so that two posts of a campaign differ; the
/// length limit of the prompt is kept, counted in ASCII characters that every platform counts as one.
/// </summary>
internal static class PostText
{
    private const int DefaultLimit = 240;
    private const int MaxLimit = 700;

    public static string Write(PromptFacts facts, ref Dice dice)
    {
        var limit = Math.Clamp(facts.MaxCharacters ?? DefaultLimit, 1, MaxLimit);
        var words = Words(facts, ref dice);
        var post = Fill(dice.Pick(PostPhrases.Openers), words, ref dice);
        if (post.Length > limit)
            post = Shorten(post, limit);
        foreach (var phrases in (IReadOnlyList<string>[])[PostPhrases.Details, PostPhrases.Proofs, PostPhrases.Closers])
        {
            var sentence = Fill(dice.Pick(phrases), words, ref dice);
            if (post.Length + 1 + sentence.Length <= limit)
                post += " " + sentence;
        }

        var tag = " #" + string.Concat(words[^1].Where(char.IsAsciiLetterOrDigit));
        return post.Length + tag.Length <= limit && tag.Length > 4 ? post + tag : post;
    }

    /// <summary>The first sentence of a post.</summary>
    public static string Opening(PromptFacts facts, ref Dice dice) => Fill(dice.Pick(PostPhrases.Openers), Words(facts, ref dice), ref dice);

    /// <summary>The last sentence of a post.</summary>
    public static string Closing(PromptFacts facts, ref Dice dice) => Fill(dice.Pick(PostPhrases.Closers), Words(facts, ref dice), ref dice);

    /// <summary>Four different words of the brief; plain ones fill up when it has fewer.</summary>
    private static List<string> Words(PromptFacts facts, ref Dice dice)
    {
        var pool = facts.KeyWords.Where(word => word.All(char.IsAscii)).ToList();
        pool.AddRange(PostPhrases.Fillers.Where(word => !pool.Contains(word, StringComparer.OrdinalIgnoreCase)).Take(Math.Max(0, 6 - pool.Count)));
        var drawn = new List<string>(4);
        while (drawn.Count < 4)
        {
            var at = dice.Below(pool.Count);
            drawn.Add(pool[at]);
            pool.RemoveAt(at);
        }

        return drawn;
    }

    private static string Fill(string phrase, List<string> words, ref Dice dice)
    {
        var at = dice.Below(words.Count);
        var text = phrase.Replace("{a}", words[at], StringComparison.Ordinal).Replace("{b}", words[(at + 1) % words.Count], StringComparison.Ordinal);
        return char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
    }

    private static string Shorten(string text, int limit)
    {
        var end = text.LastIndexOf(' ', limit - 1);
        return end > 0 ? text[..end].TrimEnd(',', ':', ';', '-', ' ') : text[..limit];
    }
}
