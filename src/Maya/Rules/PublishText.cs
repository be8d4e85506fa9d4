using System.Text;

namespace Platform.Maya;

/// <summary>A stretch of a text that a platform is told the meaning of.</summary>
/// <param name="Type">"url", "mention", "hashtag" or "cashtag".</param>
/// <param name="Offset">Where it begins, in the platform's unit.</param>
/// <param name="Length">How long it is, in the same unit.</param>
public sealed record PublishEntity(string Type, int Offset, int Length);

/// <summary>A text as a platform's interface wants it: reserved characters escaped where it cuts at them, and links, mentions and tags named where it does not look for them itself.</summary>
/// <param name="Text">The text to send.</param>
/// <param name="Entities">What is in it; empty where the platform finds out by itself.</param>
public sealed record PublishText(string Text, IReadOnlyList<PublishEntity> Entities)
{
    /// <summary>Offsets in UTF-16 units, as Telegram counts them.</summary>
    public const string Utf16 = "utf-16";

    /// <summary>Offsets in UTF-8 bytes, as Bluesky counts them.</summary>
    public const string Utf8 = "utf-8";

    private const string TagMark = "TAG";

    /// <summary>The text to send for a text.</summary>
    public static PublishText Of(PlatformRules rules, string text) => new(
        rules.HashtagTemplate.Length > 0 ? WithTemplates(rules, text) : ContentRules.Escape(rules, text),
        rules.Entities.Length > 0 ? [.. Named(rules.Entities == Utf8, text)] : []);

    /// <summary>Whether a platform takes texts as they stand.</summary>
    public static bool IsPlain(PlatformRules rules) => rules.Escape.Length == 0 && rules.HashtagTemplate.Length == 0 && rules.Entities.Length == 0;

    /// <summary>Hashtags become the platform's own mark-up, so that they stay tags; all else is escaped.</summary>
    private static string WithTemplates(PlatformRules rules, string text)
    {
        var (result, at) = (new StringBuilder(text.Length + 32), 0);
        foreach (var tag in XText.Hashtags(text))
        {
            result.Append(ContentRules.Escape(rules, text[at..tag.Start]));
            result.Append(rules.HashtagTemplate.Replace(TagMark, ContentRules.Escape(rules, text[(tag.Start + 1)..tag.End]), StringComparison.Ordinal));
            at = tag.End;
        }

        return result.Append(ContentRules.Escape(rules, text[at..])).ToString();
    }

    private static IEnumerable<PublishEntity> Named(bool inBytes, string text)
    {
        var found = XText.Urls(text).Select(e => ("url", e.Start, e.End))
            .Concat(PlainMentions.Find(text).Select(m => ("mention", m.Start, m.End)))
            .Concat(XText.Hashtags(text).Select(e => ("hashtag", e.Start, e.End)))
            .Concat(XText.Cashtags(text).Select(e => ("cashtag", e.Start, e.End)))
            .OrderBy(e => e.Start);
        var end = 0;
        foreach (var (type, start, stop) in found)
        {
            // A mention inside a link is part of the link.
            if (start < end)
                continue;
            end = stop;
            yield return inBytes
                ? new(type, Encoding.UTF8.GetByteCount(text.AsSpan(0, start)), Encoding.UTF8.GetByteCount(text.AsSpan(start, stop - start)))
                : new(type, start, stop - start);
        }
    }
}
