using System.Globalization;
using System.Text;

namespace Platform.Maya;

/// <summary>Gives a text the register of a platform as far as rules can: its tone, and no more hashtags than people there are used to.</summary>
internal static class PlatformRegister
{
    /// <summary>The text, and what was changed.</summary>
    public static (string Text, IReadOnlyList<string> Steps) Apply(PlatformRules rules, string text)
    {
        var steps = new List<string>();
        var result = rules.Tone.Length > 0 ? TextAdjuster.InTone(text, rules.Tone, steps) : text;
        if (rules.UsualHashtags >= 0)
            result = WithFewerTags(rules, result, steps);
        return (result, steps);
    }

    /// <summary>Tags at the end go whole, the last first; tags inside a sentence lose their mark and stay words.</summary>
    private static string WithFewerTags(PlatformRules rules, string text, List<string> steps)
    {
        var tags = XText.Hashtags(text);
        if (tags.Count <= rules.UsualHashtags)
            return text;
        var result = new StringBuilder(text);
        foreach (var tag in tags.Skip(rules.UsualHashtags).Reverse())
        {
            var atEnd = IsTail(text, tag.Start, tags);
            result.Remove(tag.Start, atEnd ? tag.End - tag.Start : 1);
            if (atEnd && tag.Start > 0 && result.Length >= tag.Start && result[tag.Start - 1] == ' ')
                result.Remove(tag.Start - 1, 1);
        }

        steps.Add(string.Create(CultureInfo.InvariantCulture, $"Kept {rules.UsualHashtags} of {tags.Count} hashtags, as is usual on {rules.Title}."));
        return result.ToString().TrimEnd();
    }

    /// <summary>Whether nothing but tags and white space follows.</summary>
    private static bool IsTail(string text, int at, IReadOnlyList<XEntity> tags)
    {
        for (var i = at; i < text.Length; i++)
        {
            if (tags.FirstOrDefault(t => t.Start == i) is { } tag && tag.End > i)
                i = tag.End - 1;
            else if (!char.IsWhiteSpace(text[i]))
                return false;
        }

        return true;
    }
}
