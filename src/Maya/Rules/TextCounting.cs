using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>The ways platforms count. Every way accepts any UTF-16 text, lone surrogates included.</summary>
public static partial class TextCounting
{
    /// <summary>By weight, as X does.</summary>
    public const string X = "x";

    /// <summary>By what readers see as one character.</summary>
    public const string Graphemes = "graphemes";

    /// <summary>By Unicode code points.</summary>
    public const string CodePoints = "code-points";

    /// <summary>By UTF-16 units.</summary>
    public const string Utf16 = "utf-16";

    /// <summary>By UTF-8 bytes.</summary>
    public const string Utf8 = "utf-8";

    /// <summary>By graphemes, links as 23, remote mentions without their server.</summary>
    public const string Mastodon = "mastodon";

    /// <summary>By code points, emoji as their UTF-8 bytes.</summary>
    public const string Threads = "threads";

    /// <summary>What a link counts for on Mastodon unless the server says otherwise.</summary>
    internal const int MastodonUrlLength = 23;

    /// <summary>The unit of a way of counting, in words.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static string Unit(string counting) => counting switch
    {
        X => "weighted characters",
        Graphemes or Mastodon => "graphemes",
        CodePoints or Threads => "characters",
        Utf16 => "utf-16 units",
        Utf8 => "bytes",
        _ => throw Unknown(counting),
    };

    /// <summary>Length of a text.</summary>
    /// <param name="counting">Name of the way of counting.</param>
    /// <param name="text">Any text.</param>
    /// <param name="urlLength">What a link counts for on Mastodon.</param>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static int Count(string counting, string text, int urlLength = MastodonUrlLength) => counting switch
    {
        X => XText.Parse(text).WeightedLength,
        Graphemes => CountGraphemes(text),
        CodePoints => CountCodePoints(text),
        Utf16 => text.Length,
        Utf8 => CountBytes(text),
        Mastodon => CountMastodon(text, urlLength),
        Threads => CountThreads(text),
        _ => throw Unknown(counting),
    };

    /// <summary>UTF-8 bytes; half a surrogate pair counts as its replacement, three bytes.</summary>
    public static int CountBytes(string text) => Encoding.UTF8.GetByteCount(text);

    private static ArgumentException Unknown(string counting) =>
        new($"The way of counting '{counting}' is unknown; use one of {string.Join(", ", X, Graphemes, CodePoints, Utf16, Utf8, Mastodon, Threads)}.", nameof(counting));

    private static int CountGraphemes(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
            return text.Length;
        var count = 0;
        while (!text.IsEmpty)
        {
            text = text[Grapheme.LengthAt(text)..];
            count++;
        }

        return count;
    }

    private static int CountCodePoints(string text)
    {
        var count = text.Length;
        for (var i = 0; i + 1 < text.Length; i++)
            count -= char.IsSurrogatePair(text[i], text[i + 1]) ? 1 : 0;
        return count;
    }

    private static int CountThreads(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length;)
        {
            var emoji = EmojiSequences.LengthAt(text, i);
            var pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            count += emoji > 0 ? Encoding.UTF8.GetByteCount(text.AsSpan(i, emoji)) : 1;
            i += emoji > 0 ? emoji : pair ? 2 : 1;
        }

        return count;
    }

    private static int CountMastodon(string text, int urlLength)
    {
        var shortened = new StringBuilder(text.Length);
        var from = 0;
        foreach (var url in XText.Urls(text).Where(u => u.Value.Contains("://", StringComparison.Ordinal)))
        {
            shortened.Append(text, from, url.Start - from).Append('x', urlLength);
            from = url.End;
        }

        shortened.Append(text, from, text.Length - from);
        return CountGraphemes(RemoteMention().Replace(shortened.ToString(), "@$1"));
    }

    [GeneratedRegex(@"(?<![=/\w])@([A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)@\w+(?:[.-]\w+)*", RegexOptions.CultureInvariant)]
    private static partial Regex RemoteMention();
}
