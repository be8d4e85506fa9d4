using System.Globalization;
using System.Text;

namespace Platform.Maya;

/// <summary>What a platform says of a text.</summary>
/// <param name="Platform">Name of the platform.</param>
/// <param name="IsValid">Whether it can be posted.</param>
/// <param name="Length">Length as the platform counts.</param>
/// <param name="Limit">Most the platform allows.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Problems">Why it cannot be posted, each naming the value and the limit.</param>
/// <param name="Notes">What is allowed but worth knowing.</param>
public sealed record ContentVerdict(string Platform, bool IsValid, int Length, int Limit, string Unit, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes);

/// <summary>The rules of every platform, usable without a host.</summary>
public static class ContentRules
{
    /// <summary>All platforms.</summary>
    public static IReadOnlyList<PlatformRules> All { get; } = PlatformRules.Load();

    private static readonly Dictionary<string, PlatformRules> ByName = All
        .SelectMany(r => r.Aliases.Append(r.Name), (rules, name) => (rules, name))
        .ToDictionary(x => x.name, x => x.rules, StringComparer.OrdinalIgnoreCase);

    /// <summary>The rules of a platform by name or alias, or null.</summary>
    public static PlatformRules? Find(string platform) => ByName.GetValueOrDefault(platform.Trim());

    /// <summary>The rules of a platform by name or alias.</summary>
    /// <exception cref="ArgumentException">There is no such platform; the message lists those there are.</exception>
    public static PlatformRules Of(string platform) => Find(platform)
        ?? throw new ArgumentException($"platform is '{Shown(platform)}'; use one of {string.Join(", ", All.Select(r => r.Name))}.");

    /// <summary>Counts and checks a text as a platform would.</summary>
    /// <param name="platform">Name or alias.</param>
    /// <param name="text">Any text.</param>
    /// <param name="limit">Limit of the account or server when it differs from the usual, such as a Mastodon server's; null for the usual.</param>
    /// <exception cref="ArgumentException">There is no such platform.</exception>
    public static ContentVerdict Check(string platform, string text, int? limit = null) => Check(Of(platform), text, limit);

    /// <summary>Counts and checks a text by given rules.</summary>
    public static ContentVerdict Check(PlatformRules rules, string text, int? limit = null)
    {
        var length = rules.Count(text);
        var most = limit ?? rules.Limit;
        var problems = Problems(rules, text, length, most).ToList();
        return new(rules.Name, problems.Count == 0, length, most, rules.Unit, problems, [.. Notes(rules, text)]);
    }

    /// <summary>The text as the platform's interface wants it: reserved characters escaped. Elsewhere the text itself.</summary>
    public static string Escape(PlatformRules rules, string text)
    {
        if (rules.Escape.Length == 0)
            return text;
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
            (rules.Escape.Contains(c) ? escaped.Append('\\') : escaped).Append(c);
        return escaped.ToString();
    }

    private static IEnumerable<string> Problems(PlatformRules rules, string text, int length, int limit)
    {
        if (string.IsNullOrWhiteSpace(text))
            yield return "The text is empty.";
        if (length > limit)
            yield return Line($"{rules.Title} allows {limit} {rules.Unit}; the text has {length}.");
        if (rules.MaxBytes > 0 && TextCounting.CountBytes(text) is var bytes && bytes > rules.MaxBytes)
            yield return Line($"{rules.Title} allows {rules.MaxBytes} bytes; the text has {bytes}.");
        if (SafeText.FirstLoneSurrogate(text) is var lone and >= 0)
            yield return Line($"The text holds half of a surrogate pair at position {lone}; it cannot be sent.");
        if (rules.Counting == TextCounting.X && text.Any(XCharacters.IsInvalid))
            yield return "The text holds a character that X refuses (U+FEFF, U+FFFE or U+FFFF).";
        foreach (var c in rules.Forbidden.Where(text.Contains))
            yield return $"{rules.Title} refuses the character '{c}'.";
        foreach (var problem in EntityProblems(rules, text))
            yield return problem;
    }

    private static IEnumerable<string> EntityProblems(PlatformRules rules, string text)
    {
        if (rules.MaxHashtags > 0 && XText.Hashtags(text).Count is var tags && tags > rules.MaxHashtags)
            yield return Line($"{rules.Title} allows {rules.MaxHashtags} hashtags; the text has {tags}.");
        if (rules.MaxMentions > 0 && PlainMentions.Find(text).Count is var mentions && mentions > rules.MaxMentions)
            yield return Line($"{rules.Title} allows {rules.MaxMentions} mentions; the text has {mentions}.");
        if (rules.MaxUniqueLinks > 0 && UniqueLinks(text) is var links && links > rules.MaxUniqueLinks)
            yield return Line($"{rules.Title} allows {rules.MaxUniqueLinks} different links; the text has {links}.");
    }

    private static IEnumerable<string> Notes(PlatformRules rules, string text)
    {
        if (rules.MediaRequired)
            yield return $"{rules.Title} needs media with the text: {rules.Media}.";
        if (rules.HashtagsIgnoredAbove > 0 && XText.Hashtags(text).Count is var tags && tags > rules.HashtagsIgnoredAbove && tags <= rules.MaxHashtags)
            yield return Line($"Some sources say that {rules.Title} ignores all hashtags above {rules.HashtagsIgnoredAbove}; the text has {tags}.");
        if (rules.TopicTags > 0 && XText.Hashtags(text).Count is var topics && topics > rules.TopicTags)
            yield return Line($"Only the first {rules.TopicTags} of {topics} hashtags becomes a topic on {rules.Title}.");
        if (rules.Escape.Length > 0 && text.AsSpan().ContainsAny(rules.Escape))
            yield return $"{rules.Title} cuts the text at unescaped reserved characters; they are escaped when it is sent.";
    }

    private static int UniqueLinks(string text) => XText.Urls(text).Select(u => u.Value).Distinct(StringComparer.Ordinal).Count();

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string value) => value.Length > 40 ? value[..40] : value;
}
