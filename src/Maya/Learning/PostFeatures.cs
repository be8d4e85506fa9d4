using System.Globalization;

namespace Platform.Maya;

/// <summary>What is known of a post before anybody saw it, as "kind=value"; learning and prediction read the same list.</summary>
internal static class PostFeatures
{
    /// <summary>Formats that a post can have; the last three cannot be read from a text and come with an import.</summary>
    public static readonly IReadOnlyList<string> Formats = ["text", "link", "list", Thread, "image", "video", "carousel"];

    /// <summary>Format of several posts that follow each other.</summary>
    public const string Thread = "thread";

    /// <summary>A first line up to this length is read at a glance.</summary>
    public const int ShortOpening = 80;

    private const int MinListLines = 3;
    private const int MaxTheme = 60;
    private const int MidLength = 280;
    private const int LongLength = 1_000;
    private const int SmallLimit = 500;

    /// <summary>The features of a post.</summary>
    /// <param name="rules">Rules of its platform.</param>
    /// <param name="text">Its text.</param>
    /// <param name="at">When it goes out, with the offset whose hour counts; null leaves time out.</param>
    /// <param name="theme">Theme; may be empty.</param>
    /// <param name="format">Format; empty lets the text decide.</param>
    /// <param name="intent">Intent; may be empty.</param>
    public static List<string> Of(PlatformRules rules, string text, DateTimeOffset? at, string theme = "", string format = "", string intent = "")
    {
        var links = XText.Urls(text).Count > 0;
        var found = new List<string>(16)
        {
            $"format={(format.Length > 0 ? format : Format(text, links))}",
            $"length={Length(rules, text)}",
            $"opening={(TextSigns.FirstLine(text).Length <= ShortOpening ? "short" : "long")}",
            $"hashtags={Hashtags(XText.Hashtags(text).Count)}",
            Sign("question", text.Contains('?')),
            Sign("number", TextSigns.HasNumber(text)),
            Sign("link", links),
            Sign("mention", PlainMentions.Find(text).Count > 0),
            Sign("emoji", TextSigns.HasEmoji(text)),
            Sign("call", TextSigns.HasCall(text)),
            $"sentiment={ContentClassifier.Classify(ContentClassifier.Sentiment, text).Label}",
        };
        if (theme.Length > 0)
            found.Add($"theme={SafeText.Cut(theme, MaxTheme)}");
        if (intent.Length > 0)
            found.Add($"intent={intent}");
        if (at is { } time)
        {
            found.Add(Hour(time.Hour));
            found.Add(Weekday(time));
        }

        return found;
    }

    /// <summary>The feature of an hour of day.</summary>
    public static string Hour(int hour) => string.Create(CultureInfo.InvariantCulture, $"hour={hour}");

    /// <summary>The feature of a day of the week.</summary>
    public static string Weekday(DateTimeOffset at) => $"weekday={at.DayOfWeek.ToString().ToLowerInvariant()}";

    /// <summary>Kind and value of a feature.</summary>
    public static (string Kind, string Value) Split(string feature) =>
        feature.IndexOf('=') is var at and > 0 ? (feature[..at], feature[(at + 1)..]) : (feature, "");

    /// <summary>What a feature belongs to: "slot", "theme", "format" or "text".</summary>
    public static string Dimension(string feature) => Split(feature).Kind switch
    {
        "hour" or "weekday" => "slot",
        "theme" => "theme",
        "format" => "format",
        _ => "text",
    };

    /// <summary>Longest text, as the platform counts, of the bands "short" and "medium".</summary>
    public static (int Short, int Medium) Bands(PlatformRules rules) =>
        rules.Limit <= SmallLimit ? (rules.Limit / 3, rules.Limit * 2 / 3) : (MidLength, LongLength);

    private static string Length(PlatformRules rules, string text)
    {
        var (brief, medium) = Bands(rules);
        var length = rules.Count(text);
        return length <= brief ? "short" : length <= medium ? "medium" : "long";
    }

    private static string Format(string text, bool links) => TextSigns.ListLines(text) >= MinListLines ? "list" : links ? "link" : "text";

    private static string Hashtags(int count) => count switch { 0 => "none", <= 2 => "1-2", _ => "3+" };

    private static string Sign(string kind, bool holds) => $"{kind}={(holds ? "yes" : "no")}";
}
