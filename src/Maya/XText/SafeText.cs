using System.Text;

namespace Platform.Maya;

/// <summary>Text operations that accept any UTF-16, lone surrogates included.</summary>
internal static class SafeText
{
    private const char FirstCombining = '\u0300';

    /// <summary>Canonical composition (NFC); what Unicode does not allow is left as it is.</summary>
    public static string Normalise(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstCombining, char.MaxValue))
            return text;
        var result = new StringBuilder(text.Length);
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsPair(text, i))
            {
                i++;
                continue;
            }

            if (!char.IsSurrogate(text[i]) && text[i] != '\ufffe')
                continue;
            result.Append(text[start..i].Normalize(NormalizationForm.FormC)).Append(text[i]);
            start = i + 1;
        }

        return result.Append(text[start..].Normalize(NormalizationForm.FormC)).ToString();
    }

    /// <summary>Place of the first half of a surrogate pair without its other half, or -1.</summary>
    public static int FirstLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!IsPair(text, i))
                return i;
            i++;
        }

        return -1;
    }

    /// <summary>The first characters of a text, never half a surrogate pair.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Whether a surrogate pair stands at a place.</summary>
    public static bool IsPair(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
}
