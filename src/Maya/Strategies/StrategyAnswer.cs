using System.Text.Json;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Words that say how a strategy stands.</summary>
internal static class StrategyWords
{
    /// <summary>It is asked for.</summary>
    public const string Wanted = "wanted";

    /// <summary>It is there.</summary>
    public const string Made = "made";

    /// <summary>An engine planned it.</summary>
    public const string Engine = "engine";

    /// <summary>It was derived from the brief's own words.</summary>
    public const string Brief = "brief";

    /// <summary>The brief wants none.</summary>
    public const string None = "none";
}

/// <summary>Reads what an engine planned. It is text from outside: shape, sizes, characters, safety and the brand's own rules are checked before any post is written from it.</summary>
internal static class StrategyAnswer
{
    /// <summary>Longest message, in characters.</summary>
    public const int MaxMessage = 400;

    /// <summary>Longest name of a theme, in characters.</summary>
    public const int MaxTheme = 200;

    /// <summary>Longest hook, in characters.</summary>
    public const int MaxHook = 300;

    /// <summary>Longest call to action, in characters.</summary>
    public const int MaxCall = 200;

    private const int MaxAnswer = 65_536;
    private const int MostThemes = 24;
    private const int MostLines = 8;
    private const int MaxDepth = 8;

    /// <summary>The strategy, or why the answer cannot be used.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="brief">The brief; when it names themes, only those are taken.</param>
    /// <param name="voice">Brand voice that everything is held to, or null.</param>
    public static (CampaignStrategy? Strategy, string Problem) Read(string text, CampaignBrief brief, Voice? voice)
    {
        if (text.Length > MaxAnswer)
            return (null, $"The answer has {text.Length:N0} characters; the limit is {MaxAnswer:N0}.");
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            var strategy = Read(document.RootElement, brief);
            return Against(strategy, voice) is { } problem ? (null, problem) : (strategy, "");
        }
        catch (JsonException e)
        {
            return (null, $"The answer is no JSON at byte {e.BytePositionInLine ?? 0}.");
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return (null, $"The answer cannot be used: {e.Message}");
        }
    }

    private static CampaignStrategy Read(JsonElement root, CampaignBrief brief)
    {
        var strategy = new CampaignStrategy { Source = StrategyWords.Engine, Message = Text(Member(root, "message"), "message", MaxMessage) };
        foreach (var (index, item) in List(Member(root, "themes"), "themes", 1, MostThemes).Index())
        {
            var name = Text(Member(item, "theme"), $"themes[{index}].theme", MaxTheme);
            if (brief.Themes.Count > 0 && !brief.Themes.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            var theme = strategy.Themes.FirstOrDefault(t => t.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (theme is null)
                strategy.Themes.Add(theme = new StrategyTheme { Name = name });
            Add(theme.Hooks, Member(item, "hooks"), $"themes[{index}].hooks", 1, MaxHook);
            Add(theme.CallsToAction, Member(item, "calls_to_action"), $"themes[{index}].calls_to_action", 0, MaxCall);
        }

        return strategy.Themes.Count > 0 ? strategy : throw new FormatException($"it names none of the brief's themes ({string.Join(", ", brief.Themes.Take(5))}).");
    }

    private static void Add(ICollection<string> lines, JsonElement value, string path, int least, int limit)
    {
        foreach (var (index, item) in List(value, path, least, MostLines).Index())
        {
            var line = Text(item, $"{path}[{index}]", limit);
            if (!lines.Contains(line))
                lines.Add(line);
        }
    }

    private static JsonElement Member(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)
        ? member
        : throw new FormatException($"it has no '{name}'.");

    private static IEnumerable<JsonElement> List(JsonElement value, string path, int least, int most) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() is var count && count >= least && count <= most
        ? value.EnumerateArray()
        : throw new FormatException($"{path} must be a list of {least} to {most}.");

    private static string Text(JsonElement value, string path, int limit)
    {
        var text = (value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"{path} must be a text.")).Trim();
        if (text.Length == 0 || text.Length > limit)
            throw new FormatException($"{path} has {text.Length:N0} characters; it must have 1 to {limit:N0}.");
        if (text.Any(char.IsControl) || text.Contains('\ufffd') || SafeText.FirstLoneSurrogate(text) >= 0)
            throw new FormatException($"{path} holds a character that is not valid in one line of text.");
        return text;
    }

    /// <summary>What must not go out must not be planned either.</summary>
    private static string? Against(CampaignStrategy strategy, Voice? voice) => Lines(strategy).SelectMany(line =>
        SafetyFilter.Find(line).Where(f => f.Confidence >= PostPipeline.BlockAt).Select(f => $"The safety filter found {f.Label.Replace('_', ' ')} in it.").Concat(VoiceCheck.Find(voice, line).Blocking)).FirstOrDefault();

    private static IEnumerable<string> Lines(CampaignStrategy strategy) => strategy.Themes.SelectMany(t => t.Hooks.Concat(t.CallsToAction).Prepend(t.Name)).Prepend(strategy.Message);
}
