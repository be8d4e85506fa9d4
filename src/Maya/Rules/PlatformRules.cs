using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Maya;

/// <summary>What a platform demands of a post, as data with its source and the day it was read.</summary>
public sealed record PlatformRules
{
    private const int MostLimit = 100_000;
    private const int MostUrlLength = 1_000;

    /// <summary>Name in requests, lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Other names that are understood.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Longest text, in the platform's own unit.</summary>
    public required int Limit { get; init; }

    /// <summary>What a link counts for, where links count alike whatever their length (a Mastodon server's <c>characters_reserved_per_url</c>).</summary>
    [JsonIgnore]
    public int UrlLength { get; init; } = TextCounting.MastodonUrlLength;

    /// <summary>How a text is counted; one of the names in <see cref="TextCounting"/>.</summary>
    public required string Counting { get; init; }

    /// <summary>Most UTF-8 bytes beside the limit; 0 when there is no such limit.</summary>
    public int MaxBytes { get; init; }

    /// <summary>Most hashtags; 0 means no limit.</summary>
    public int MaxHashtags { get; init; }

    /// <summary>Above this many hashtags the platform ignores all of them; 0 means never.</summary>
    public int HashtagsIgnoredAbove { get; init; }

    /// <summary>Hashtags that become a topic; 0 means all.</summary>
    public int TopicTags { get; init; }

    /// <summary>Most mentions; 0 means no limit.</summary>
    public int MaxMentions { get; init; }

    /// <summary>Most different links; 0 means no limit.</summary>
    public int MaxUniqueLinks { get; init; }

    /// <summary>Characters that the platform refuses.</summary>
    public string Forbidden { get; init; } = "";

    /// <summary>Characters that must be escaped with a backslash when the text is sent, or the platform cuts it silently.</summary>
    public string Escape { get; init; } = "";

    /// <summary>How a hashtag is written when the text is sent, with TAG for its word; empty when it is written as it stands.</summary>
    public string HashtagTemplate { get; init; } = "";

    /// <summary>Unit in which the platform is told where links, mentions and tags are, one of those in <see cref="PublishText"/>; empty when it finds them itself.</summary>
    public string Entities { get; init; } = "";

    /// <summary>Whether several posts can follow each other as one thread.</summary>
    public bool Thread { get; init; }

    /// <summary>Whether a post needs an image or a video.</summary>
    public bool MediaRequired { get; init; }

    /// <summary>What media a post may carry.</summary>
    public string Media { get; init; } = "";

    /// <summary>How many and how large media may be, as far as it is known.</summary>
    public IReadOnlyList<MediaLimit> MediaLimits { get; init; } = [];

    /// <summary>Hashtags that people there are used to; more are taken out when a text is adapted. -1 keeps all.</summary>
    public int UsualHashtags { get; init; } = -1;

    /// <summary>Tone that a text is given when it is adapted, one of those of <see cref="TextAdjuster"/>; empty keeps its own.</summary>
    public string Tone { get; init; } = "";

    /// <summary>How people write there; goes into the prompt.</summary>
    public string Register { get; init; } = "";

    /// <summary>What else a publisher should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Where the facts come from.</summary>
    public required string Source { get; init; }

    /// <summary>When they were read.</summary>
    public required DateOnly Date { get; init; }

    /// <summary>Unit of length and limit, in words.</summary>
    [JsonIgnore]
    public string Unit => TextCounting.Unit(Counting);

    /// <summary>Length of a text as this platform counts.</summary>
    public int Count(string text) => TextCounting.Count(Counting, text, UrlLength);

    /// <summary>The rules of an account or server that allows another length, such as a Mastodon server's or X Premium.</summary>
    /// <param name="limit">Longest text in the platform's own unit; 0 for the usual.</param>
    /// <param name="urlLength">What a link counts for; 0 for the usual. Only Mastodon's servers have one of their own.</param>
    /// <exception cref="ArgumentException">A number is out of range, or the platform has no such setting.</exception>
    public PlatformRules ForAccount(int limit, int urlLength)
    {
        if (limit is < 0 or > MostLimit)
            throw new ArgumentException($"limit is {limit}; it must be 1 to {MostLimit}, or 0 for {Title}'s usual {Limit}.");
        if (urlLength is < 0 or > MostUrlLength)
            throw new ArgumentException($"url_length is {urlLength}; it must be 1 to {MostUrlLength}, or 0 for the usual {UrlLength}.");
        if (urlLength > 0 && Counting != TextCounting.Mastodon)
            throw new ArgumentException($"url_length is {urlLength}; only Mastodon's servers set what a link counts for.");
        return this with { Limit = limit == 0 ? Limit : limit, UrlLength = urlLength == 0 ? UrlLength : urlLength };
    }


    internal static IReadOnlyList<PlatformRules> Load()
    {
        using var stream = EmbeddedLines.Open("Rules/platforms.json");
        var file = JsonSerializer.Deserialize<RulesFile>(stream, new JsonSerializerOptions(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });
        return file!.Platforms;
    }

    private sealed record RulesFile(DateOnly Collected, IReadOnlyList<PlatformRules> Platforms);
}
