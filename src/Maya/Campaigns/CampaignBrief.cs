namespace Platform.Maya;

/// <summary>A brief says something that cannot be done. The message names field, value and limit.</summary>
public sealed class BriefException(string message) : ArgumentException(message);

/// <summary>A point in time to publish at.</summary>
/// <param name="At">When, with the offset of the campaign's time zone on that day.</param>
public readonly record struct Slot(DateTimeOffset At)
{
    /// <summary>ISO 8601 with offset, as callers see it.</summary>
    public string Text => At.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A campaign as its author describes it.</summary>
public sealed record CampaignBrief
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>What is being spoken of: the product and the message.</summary>
    public required string Brief { get; init; }

    /// <summary>Platforms, as canonical names.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    /// <summary>Times to publish at, in order.</summary>
    public required IReadOnlyList<Slot> Slots { get; init; }

    /// <summary>Times of platforms whose own history has other best hours; as many as there are slots.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Slot>> OwnSlots { get; init; } = new Dictionary<string, IReadOnlyList<Slot>>();

    /// <summary>Time zone of the campaign.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>When what is not made yet is cancelled; null for never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Themes; the posts take them in turn.</summary>
    public IReadOnlyList<string> Themes { get; init; } = [];

    /// <summary>Variants of each post.</summary>
    public int Variants { get; init; } = 1;

    /// <summary>Brand voice in words.</summary>
    public string Voice { get; init; } = "";

    /// <summary>Name of a stored brand voice; empty for none.</summary>
    public string Brand { get; init; } = "";

    /// <summary>Name of a stored audience profile; empty for none.</summary>
    public string Profile { get; init; } = "";

    /// <summary>Where the slots come from: "given", "history" or "default".</summary>
    public string SlotSource { get; init; } = "given";

    /// <summary>What happens to a post that nearly repeats another: "flag" or "reject".</summary>
    public string OnDuplicate { get; init; } = "flag";

    /// <summary>Experiment of prompts or models that chooses an arm for each post; empty for none.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>Whether prompts carry what performed.</summary>
    public bool Learn { get; init; } = true;

    /// <summary>Audience in words.</summary>
    public string Audience { get; init; } = "";

    /// <summary>What each post wants, one of the classifier's intents; empty lets the writer choose.</summary>
    public string Intent { get; init; } = "";

    /// <summary>What the campaign is to achieve, in words.</summary>
    public string Goal { get; init; } = "";

    /// <summary>Language of the posts, in words; empty means that of the brief.</summary>
    public string Language { get; init; } = "";

    /// <summary>"quality" or "fast"; empty for the usual one.</summary>
    public string Tier { get; init; } = "";

    /// <summary>Most posts; the matrix is cut after so many. 0 means no cut.</summary>
    public int MaxPosts { get; init; }

    /// <summary>Most that the campaign may cost in US dollars; 0 means the tenant's limit.</summary>
    public double BudgetUsd { get; init; }

    /// <summary>Who plans themes, hooks and calls to action: "engine", "brief" (its own words) or "none".</summary>
    public string Strategy { get; init; } = StrategyWords.None;

    /// <summary>Most parts of a post as a thread, where the platform knows threads; 0 for one text.</summary>
    public int ThreadParts { get; init; }

    /// <summary>Most posts that one engine call writes; 1 for a call each.</summary>
    public int PostsPerCall { get; init; } = 1;

    /// <summary>Times of a platform, in order.</summary>
    public IReadOnlyList<Slot> SlotsOf(string platform) => OwnSlots.GetValueOrDefault(platform, Slots);
}
