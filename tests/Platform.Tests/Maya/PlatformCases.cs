using Platform.Maya;
using Xunit;

namespace Platform.Tests.Maya;

/// <summary>
/// Texts with their lengths worked out by hand for every way of counting, and cases of single platforms. A platform's way of
/// counting is written down here a second time, so that a change of the rules file has to be meant.
/// </summary>
internal static class PlatformCases
{
    /// <summary>Text, then length: weighted, UTF-16 units, UTF-8 bytes, graphemes, code points, Threads, Mastodon.</summary>
    private static readonly (string Text, int[] Lengths)[] Counted =
    [
        ("Hello world", [11, 11, 11, 11, 11, 11, 11]),
        ("Line\nbreak", [10, 10, 10, 10, 10, 10, 10]),
        ("caf\u00e9", [4, 4, 5, 4, 4, 4, 4]),
        ("cafe\u0301", [4, 5, 6, 4, 5, 5, 4]),
        ("\u65e5\u672c\u8a9e", [6, 3, 9, 3, 3, 3, 3]),
        ("\u041f\u0440\u0438\u0432\u0435\u0442", [6, 6, 12, 6, 6, 6, 6]),
        ("hi \U0001F600", [5, 5, 7, 4, 4, 7, 4]),
        ("\U0001F468\u200d\U0001F469\u200d\U0001F467", [2, 8, 18, 1, 5, 18, 1]),
        ("\U0001F44D\U0001F3FD!", [3, 5, 9, 2, 3, 9, 2]),
        ("\U0001F1FA\U0001F1F8", [2, 4, 8, 1, 2, 8, 1]),
        ("1\ufe0f\u20e3 go", [5, 6, 10, 4, 6, 10, 4]),
        ("\u2764\ufe0f", [2, 2, 6, 1, 2, 6, 1]),
        ("See https://example.com/a/long/path?with=query", [27, 46, 46, 46, 46, 46, 27]),
        ("go to example.com now", [33, 21, 21, 21, 21, 21, 21]),
        ("hi @ada@example.social", [22, 22, 22, 22, 22, 22, 7]),
        ("\u201cquoted\u201d \u2014 dash", [15, 15, 21, 15, 15, 15, 15]),
    ];

    private static readonly Dictionary<string, int> Column = new()
    {
        ["x"] = 0,
        ["linkedin"] = 1,
        ["facebook"] = 1,
        ["instagram"] = 1,
        ["tiktok"] = 1,
        ["telegram"] = 1,
        ["youtube"] = 2,
        ["bluesky"] = 3,
        ["pinterest"] = 4,
        ["reddit"] = 4,
        ["discord"] = 4,
        ["threads"] = 5,
        ["mastodon"] = 6,
    };

    private static readonly Dictionary<string, int> Limits = new()
    {
        ["x"] = 280,
        ["linkedin"] = 3000,
        ["facebook"] = 63206,
        ["instagram"] = 2200,
        ["tiktok"] = 2200,
        ["telegram"] = 4096,
        ["youtube"] = 5000,
        ["bluesky"] = 300,
        ["pinterest"] = 800,
        ["reddit"] = 40000,
        ["discord"] = 2000,
        ["threads"] = 500,
        ["mastodon"] = 500,
    };

    /// <summary>Platform, text, length.</summary>
    public static IEnumerable<TheoryDataRow<string, string, int>> Lengths() =>
        from platform in Column
        from counted in Counted
        select new TheoryDataRow<string, string, int>(platform.Key, counted.Text, counted.Lengths[platform.Value]);

    /// <summary>Platform and its limit.</summary>
    public static IEnumerable<TheoryDataRow<string, int>> AllLimits() => Limits.Select(l => new TheoryDataRow<string, int>(l.Key, l.Value));

    private const string Family = "\U0001F468\u200d\U0001F469\u200d\U0001F467";
    private const string Flag = "\U0001F1FA\U0001F1F8";
    private const string Smile = "\U0001F600";
    private const string Accent = "e\u0301";
    private const string Link = "https://example.com/";

    /// <summary>Platform, what stands in front, what is repeated, and how often it may be: worked out by hand, for each platform counts these its own way.</summary>
    private static readonly (string Platform, string Before, string Piece, int Most)[] Edges =
    [
        ("x", "", "a", 280), ("x", "", "\u00e9", 280), ("x", "", "\u0416", 280), ("x", Repeat("a", 278), "\u65e5", 1), ("x", "", Accent, 280),
        ("linkedin", "", "a", 3000), ("linkedin", "", "\u00e9", 3000), ("linkedin", "", "\u65e5", 3000), ("linkedin", Link, "p", 2980), ("linkedin", "", Family, 375), ("linkedin", "", Flag, 750),
        ("facebook", "", "a", 63206), ("facebook", "", "\u00e9", 63206), ("facebook", "", Smile, 31603), ("facebook", "", Flag, 15801), ("facebook", Link, "p", 63186), ("facebook", "", Family, 7900),
        ("instagram", "", "a", 2200), ("instagram", "", "\u65e5", 2200), ("instagram", "", Smile, 1100), ("instagram", "", Family, 275), ("instagram", "", Accent, 1100),
        ("threads", "", "a", 500), ("threads", "", "\u00e9", 500), ("threads", "", "\u65e5", 500), ("threads", "", Family, 27), ("threads", "", Flag, 62),
        ("tiktok", "", "a", 2200), ("tiktok", "", "\u00e9", 2200), ("tiktok", "", "\u65e5", 2200), ("tiktok", "", Family, 275), ("tiktok", "", Flag, 550), ("tiktok", Link, "p", 2180),
        ("telegram", "", "a", 4096), ("telegram", "", "\u00e9", 4096), ("telegram", "", "\u65e5", 4096), ("telegram", "", Family, 512), ("telegram", "", Flag, 1024), ("telegram", Link, "p", 4076),
        ("youtube", "", "a", 5000), ("youtube", "", "\u65e5", 1666), ("youtube", "", Smile, 1250), ("youtube", "", Family, 277), ("youtube", "", Flag, 625),
        ("bluesky", "", "a", 300), ("bluesky", "", "\u00e9", 300), ("bluesky", "", "\u65e5", 300), ("bluesky", "", Smile, 300), ("bluesky", "", Accent, 300), ("bluesky", "", Flag, 300),
        ("pinterest", "", "a", 800), ("pinterest", "", "\u00e9", 800), ("pinterest", "", "\u65e5", 800), ("pinterest", "", Family, 160), ("pinterest", "", Flag, 400), ("pinterest", "", Accent, 400),
        ("reddit", "", "a", 40000), ("reddit", "", "\u00e9", 40000), ("reddit", "", "\u65e5", 40000), ("reddit", "", Family, 8000), ("reddit", "", Flag, 20000), ("reddit", "", Accent, 20000),
        ("discord", "", "a", 2000), ("discord", "", "\u00e9", 2000), ("discord", "", "\u65e5", 2000), ("discord", "", Family, 400), ("discord", "", Flag, 1000), ("discord", "", Accent, 1000),
        ("mastodon", "", "a", 500), ("mastodon", "", "\u00e9", 500), ("mastodon", "", "\u65e5", 500), ("mastodon", "", Smile, 500), ("mastodon", "", Accent, 500), ("mastodon", "", Family, 500),
    ];

    /// <summary>Platform, text, whether it is valid.</summary>
    public static IEnumerable<TheoryDataRow<string, string, bool>> Particular() =>
    [
        .. Edges.SelectMany(e => new TheoryDataRow<string, string, bool>[] { new(e.Platform, e.Before + Repeat(e.Piece, e.Most), true), new(e.Platform, e.Before + Repeat(e.Piece, e.Most + 1), false) }),
        .. Column.Keys.SelectMany(platform => new TheoryDataRow<string, string, bool>[] { new(platform, "", false), new(platform, " \n\t", false) }),
        new("pinterest", Repeat(Smile, 801), false), new("reddit", Repeat(Smile, 40001), false),
        new("x", Repeat("\u65e5", 140), true), new("x", Repeat("\u65e5", 141), false), new("x", Repeat("\U0001F600", 140), true), new("x", Repeat("\U0001F600", 141), false),
        new("x", Repeat("a", 256) + " http://t.co/abcdefgh", true), new("x", Repeat("a", 257) + " http://t.co/abcdefgh", false), new("x", "a\ufeffb", false),
        new("linkedin", Repeat("\U0001F600", 1500), true), new("linkedin", Repeat("\U0001F600", 1501), false),
        new("facebook", Repeat("\u65e5", 63206), true),
        new("instagram", "sun #a1 #b1 #c1 #d1 #e1", true), new("instagram", "sun #a1 #b1 #c1 #d1 #e1 #f1", false),
        new("instagram", string.Concat(Enumerable.Range(0, 20).Select(i => $"@u{i} ")), true), new("instagram", string.Concat(Enumerable.Range(0, 21).Select(i => $"@u{i} ")), false),
        new("threads", string.Concat(Enumerable.Range(0, 5).Select(i => $"http://a{i}.com ")), true), new("threads", string.Concat(Enumerable.Range(0, 6).Select(i => $"http://a{i}.com ")), false),
        new("threads", string.Concat(Enumerable.Repeat("http://a.com ", 9)), true), new("threads", Repeat("\U0001F600", 125), true), new("threads", Repeat("\U0001F600", 126), false),
        new("youtube", "a < b", false), new("youtube", "a > b", false), new("youtube", Repeat("\u00e9", 2500), true), new("youtube", Repeat("\u00e9", 2501), false),
        new("youtube", string.Concat(Enumerable.Range(0, 61).Select(i => $"#t{i}a ")), false), new("youtube", string.Concat(Enumerable.Range(0, 60).Select(i => $"#t{i}a ")), true),
        new("bluesky", Repeat("\U0001F468\u200d\U0001F469\u200d\U0001F467", 166), true), new("bluesky", Repeat("\U0001F468\u200d\U0001F469\u200d\U0001F467", 167), false),
        new("mastodon", Repeat("a", 476) + " https://example.com/" + Repeat("p", 300), true), new("mastodon", Repeat("a", 477) + " https://example.com/" + Repeat("p", 300), false),
        new("telegram", Repeat("\U0001F600", 2048), true), new("telegram", Repeat("\U0001F600", 2049), false),
        new("discord", Repeat("\U0001F600", 2000), true), new("discord", Repeat("\U0001F600", 2001), false),
        new("pinterest", Repeat("\U0001F600", 800), true), new("reddit", Repeat("\U0001F600", 40000), true), new("tiktok", Repeat("\U0001F600", 1101), false),
    ];

    /// <summary>A text so many times.</summary>
    public static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
