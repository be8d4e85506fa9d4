using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Platform.Maya;

/// <summary>Reads the YAML of a brief strictly: an unknown field, a wrong type or a value out of range is one clear error with its line.</summary>
internal static class BriefReader
{
    private const int MaxDepth = 8;
    private const int MaxName = 200;
    private const int MaxText = 20_000;
    private const int MaxList = 1_000;
    private const int MaxVariants = 26;
    private const double MaxBudget = 1_000_000;
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(30);
    private static readonly string[] Fields =
        ["name", "brief", "product", "themes", "platforms", "slots", "time_zone", "variants", "voice", "brand", "audience", "profile", "intent", "goal", "language", "tier", "max_posts", "budget_usd", "deadline", "quiet_hours", "duplicates", "experiment", "learn", "strategy", "thread", "posts_per_call"];

    /// <summary>The brief of a YAML document.</summary>
    /// <param name="yaml">The document.</param>
    /// <param name="now">Present time; counted slots begin on the next day.</param>
    /// <param name="maxBytes">Longest document in bytes.</param>
    /// <param name="bestHours">Hours of the campaign's day that did best in the account's own history, by platform; null when nothing is known.</param>
    /// <exception cref="BriefException">The document is not a brief; the message names field, value and limit.</exception>
    public static CampaignBrief Read(string yaml, DateTimeOffset now, int maxBytes, IReadOnlyDictionary<string, IReadOnlyList<int>>? bestHours = null)
    {
        var fields = new BriefFields(Root(yaml, maxBytes));
        fields.AllowOnly(Fields);
        var (zone, platforms) = (Zone(fields), Platforms(fields));
        var slots = SlotReader.Read(fields, zone, now, []);
        var own = slots.Source == CampaignSlots.Given || bestHours is null ? []
            : platforms.Where(p => bestHours.GetValueOrDefault(p, []).Count > 0).ToDictionary(p => p, p => SlotReader.Read(fields, zone, now, bestHours[p]).Slots, StringComparer.Ordinal);
        return new CampaignBrief
        {
            Name = fields.Text("name", MaxName, required: true),
            Brief = Subject(fields),
            Platforms = platforms,
            Slots = slots.Slots,
            OwnSlots = own,
            SlotSource = own.Count > 0 ? CampaignSlots.History : slots.Source,
            Zone = zone,
            Deadline = Deadline(fields, zone, now),
            Themes = fields.List("themes", MaxList, MaxName),
            Variants = (int)fields.Number("variants", 1, 1, MaxVariants),
            Voice = fields.Text("voice", MaxText),
            Brand = fields.Text("brand", MaxName),
            Audience = fields.Text("audience", MaxText),
            Profile = fields.Text("profile", MaxName),
            OnDuplicate = fields.OneOf("duplicates", ["flag", "reject"], "flag"),
            Experiment = fields.Text("experiment", MaxName),
            Learn = fields.OneOf("learn", ["true", "false"], "true") == "true",
            ThreadParts = Thread(fields),
            PostsPerCall = (int)fields.Number("posts_per_call", 1, 1, SharedCall.Most),
            Strategy = fields.OneOf("strategy", [StrategyWords.Engine, StrategyWords.Brief, StrategyWords.None], StrategyWords.Engine),
            Intent = fields.OneOf("intent", ContentClassifier.Intents, ""),
            Goal = fields.Text("goal", MaxText),
            Language = fields.Text("language", MaxName),
            Tier = fields.OneOf("tier", ["quality", "fast"], ""),
            MaxPosts = (int)fields.Number("max_posts", 0, 0, 100_000),
            BudgetUsd = fields.Number("budget_usd", 0, 0, MaxBudget),
        };
    }

    private static string Subject(BriefFields fields)
    {
        var (product, brief) = (fields.Text("product", MaxText), fields.Text("brief", MaxText));
        if (product.Length + brief.Length == 0)
            throw new BriefException("brief is missing; say in 'brief' (or 'product') what the posts are about.");
        return product.Length == 0 ? brief : brief.Length == 0 ? product : $"{product}\n{brief}";
    }

    private static List<string> Platforms(BriefFields fields)
    {
        var names = fields.List("platforms", ContentRules.All.Count, MaxName);
        if (names.Count == 0)
            throw new BriefException($"platforms is missing; list some of {string.Join(", ", ContentRules.All.Select(r => r.Name))}.");
        var rules = names.Select(name => ContentRules.Find(name)
            ?? throw fields.Wrong("platforms", name, $"use some of {string.Join(", ", ContentRules.All.Select(r => r.Name))}")).ToList();
        return [.. rules.Select(r => r.Name).Distinct()];
    }

    /// <summary>A time that lies ahead, within what the router takes as the deadline of a batch.</summary>
    private static DateTimeOffset? Deadline(BriefFields fields, TimeZoneInfo zone, DateTimeOffset now)
    {
        var text = fields.Text("deadline", MaxName);
        if (text.Length == 0)
            return null;
        var at = SlotReader.Parse(fields, "deadline", text, zone).At;
        return at > now && at <= now + LongestDeadline ? at
            : throw fields.Wrong("deadline", text, string.Create(CultureInfo.InvariantCulture, $"it must lie ahead, and at most {LongestDeadline.TotalDays} days"));
    }

    /// <summary>"true", "false", or the most parts.</summary>
    private static int Thread(BriefFields fields) => fields.Text("thread", MaxName).ToLowerInvariant() switch
    {
        "" or "false" => 0,
        "true" => TextFit.UsualParts,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parts) && parts is >= 2 and <= TextFit.MostParts => parts,
        var text => throw fields.Wrong("thread", text, $"use true, false or the most parts, from 2 to {TextFit.MostParts}"),
    };

    private static TimeZoneInfo Zone(BriefFields fields)
    {
        var name = fields.Text("time_zone", MaxName);
        if (name.Length == 0)
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw fields.Wrong("time_zone", name, "use a name such as Europe/Berlin or UTC");
    }

    /// <summary>The fields of a YAML document of limited size and depth.</summary>
    /// <exception cref="BriefException">It is no such document.</exception>
    internal static YamlMappingNode Root(string yaml, int maxBytes)
    {
        var bytes = Encoding.UTF8.GetByteCount(yaml);
        if (bytes > maxBytes)
            throw new BriefException($"The brief has {bytes:N0} bytes; the limit is {maxBytes:N0}.");
        try
        {
            CheckShape(yaml);
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? root
                : throw new BriefException("The brief must be one YAML document with fields such as 'name: ...' and 'platforms: [x, linkedin]'.");
        }
        catch (YamlException e)
        {
            throw new BriefException(string.Create(CultureInfo.InvariantCulture, $"The brief is not valid YAML at line {e.Start.Line}: {e.Message}"));
        }
    }

    /// <summary>Depth and aliases are looked at before anything is built: both are ways to exhaust a reader.</summary>
    private static void CheckShape(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
                throw new BriefException(string.Create(CultureInfo.InvariantCulture, $"The brief is nested deeper than {MaxDepth} levels at line {parser.Current.Start.Line}."));
            if (parser.Current is AnchorAlias)
                throw new BriefException(string.Create(CultureInfo.InvariantCulture, $"The brief uses a YAML alias at line {parser.Current.Start.Line}; write the value out."));
        }
    }
}
