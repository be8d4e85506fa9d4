using Platform.V1;

namespace Platform.Maya;

/// <summary>What a voice says against a text.</summary>
/// <param name="Blocking">Claims that are banned and competitors that are named: the text must not go out.</param>
/// <param name="Remarks">Words that the brand avoids.</param>
internal sealed record VoiceFindings(IReadOnlyList<string> Blocking, IReadOnlyList<string> Remarks)
{
    /// <summary>Nothing found.</summary>
    public static readonly VoiceFindings None = new([], []);
}

/// <summary>Holds a text against a brand voice: whole words, case ignored.</summary>
internal static class VoiceCheck
{
    /// <summary>What is wrong with a text.</summary>
    public static VoiceFindings Find(Voice? voice, string text)
    {
        if (voice is null)
            return VoiceFindings.None;
        var looked = MatchableText.Of(text);
        return new(
            [
                .. voice.ClaimsBanned.Where(claim => Holds(looked, claim)).Select(claim => $"Blocked: the voice '{voice.Name}' bans the claim '{claim}'."),
                .. voice.Competitors.Where(name => Holds(looked, name)).Select(name => $"Blocked: the voice '{voice.Name}' names '{name}' a competitor."),
            ],
            [.. voice.DontWords.Where(word => Holds(looked, word)).Select(word => $"The voice '{voice.Name}' avoids '{word}'.")]);
    }

    private static bool Holds(IReadOnlyList<MatchableText> forms, string phrase)
    {
        var wanted = MatchableText.Of(phrase)[0].Text.Trim();
        return wanted.Length > 0 && forms.Any(form => Holds(form.Text, wanted));
    }

    private static bool Holds(string text, string wanted)
    {
        for (var at = text.IndexOf(wanted, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(wanted, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + wanted.Length;
            if ((at == 0 || !IsWord(text[at - 1]) || !IsWord(wanted[0])) && (end == text.Length || !IsWord(text[end]) || !IsWord(wanted[^1])))
                return true;
        }

        return false;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';
}
