using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Simulator.Answers;

/// <summary>What a prompt asks for.</summary>
internal enum Subject
{
    Prose,
    Code,
    Post,
}

/// <summary>Reads from a prompt what a made-up answer needs: subject, language, length limit, count, key words, paths.</summary>
/// <param name="prompt">The whole conversation.</param>
/// <param name="task">The last user message.</param>
internal sealed partial class PromptFacts(string prompt, string task)
{
    /// <summary>Only so much of a prompt is read at each end: enough for instructions, and a bound for prompts of megabytes.</summary>
    private const int Window = 2_000;

    private const int MaxKeyWords = 40;
    private const int MaxWords = 500;

    private readonly string whole = Ends(prompt);
    private readonly string last = Ends(task);
    private IReadOnlyList<string>? keyWords;
    private int? maxCharacters;

    /// <summary>The last user message, its middle left out when it is very long.</summary>
    public string Task => last;

    /// <summary>What the task asks for; where it says nothing, the rest of the conversation does.</summary>
    public Subject Subject => SubjectOf(last) ?? SubjectOf(whole) ?? Subject.Prose;

    /// <summary>Id of the language asked for, or null when the prompt names none.</summary>
    public string? Language => CodeLanguages.Find(last) ?? CodeLanguages.Find(whole);

    public bool WantsJsonArray => ArrayCue().IsMatch(last) || (!ObjectCue().IsMatch(last) && ArrayCue().IsMatch(whole));

    public bool WantsJsonObject => ObjectCue().IsMatch(whole);

    /// <summary>The length limit in characters that the prompt states, or null.</summary>
    public int? MaxCharacters => (maxCharacters ??= FindLimit(last) ?? FindLimit(whole) ?? 0) is > 0 and var limit ? limit : null;

    /// <summary>How many things are asked for; 1 when the prompt does not say, 100 at most.</summary>
    public int Count => Math.Clamp(FindNumber(CountCue(), last) ?? FindNumber(CountCue(), whole) ?? 1, 1, 100);

    /// <summary>The name that the prompt gives to a class or function, or null.</summary>
    public string? TypeName => TypeCue().Match(last) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>File paths in the task, in order.</summary>
    public IReadOnlyList<string> Paths => [.. PathCue().Matches(last).Select(match => match.Value)];

    /// <summary>Words of the brief that carry meaning, in order and each once; instructions and format words are left out.</summary>
    public IReadOnlyList<string> KeyWords => keyWords ??= FindKeyWords(Brief() is { Length: > 0 } brief ? brief : last);

    private static Subject? SubjectOf(string text)
    {
        var code = CodeCue().Count(text);
        var post = PostCue().Count(text);
        return code == 0 && post == 0 ? null : post > code ? Subject.Post : Subject.Code;
    }

    /// <summary>Looks for a plain word before it starts the costly expression: most prompts state no limit.</summary>
    private static int? FindLimit(string text) =>
        text.Contains("char", StringComparison.OrdinalIgnoreCase) || text.Contains("length", StringComparison.OrdinalIgnoreCase) ? FindNumber(LimitCue(), text) : null;

    private string Brief() => string.Join('\n', BriefCue().Matches(last).Select(match => match.Groups[1].Value));

    private static List<string> FindKeyWords(string text)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var words = new List<string>();
        foreach (var match in Word().Matches(text).Take(MaxWords))
        {
            if (words.Count == MaxKeyWords)
                break;
            if (!PlainWords.IsInstruction(match.Value) && seen.Add(match.Value))
                words.Add(match.Value);
        }

        return words;
    }

    private static int? FindNumber(Regex cue, string text)
    {
        var match = cue.Match(text);
        var digits = match.Groups.Cast<Group>().Skip(1).FirstOrDefault(group => group.Success)?.Value;
        return digits is not null && int.TryParse(digits.Replace(",", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }

    private static string Ends(string text) => text.Length <= 2 * Window ? text : string.Concat(text.AsSpan(0, Window), "\n", text.AsSpan(text.Length - Window));

    [GeneratedRegex(@"```|\b(?:implement|functions?|methods?|class(?:es)?|unit tests?|compil\w+|refactor\w*|stub|source code|snippet|write code|generate code|code block|bug|programming language)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CodeCue();

    [GeneratedRegex(@"\b(?:tweets?|captions?|hashtags?|campaign|brand|audience|social media|social posts?|(?:this|the|one) post|(?:write|create|draft)\s+(?:\w+\s+){0,4}posts?|twitter|linkedin|instagram|facebook|tiktok|mastodon|bluesky|threads)\b", RegexOptions.IgnoreCase)]
    private static partial Regex PostCue();

    [GeneratedRegex(@"\bJSON\s+(?:array|list)\b|\barray of (?:\w+ ){0,3}JSON\b", RegexOptions.IgnoreCase)]
    private static partial Regex ArrayCue();

    [GeneratedRegex(@"\bJSON\s+object\b|\b(?:answer|respond|reply|return|output)\b[^.\n]{0,40}\bJSON\b", RegexOptions.IgnoreCase)]
    private static partial Regex ObjectCue();

    [GeneratedRegex(@"(?:at most|no more than|up to|under|within|max(?:imum)?(?: of)?|limit(?: of|:)?)\s+(\d[\d,]*)\s+char|\b(\d[\d,]*)[ -]char(?:acter)?s?\s+(?:limit|max|or (?:less|fewer))|(?:character limit|max(?:imum)? (?:length|characters))\D{0,4}(\d[\d,]*)", RegexOptions.IgnoreCase)]
    private static partial Regex LimitCue();

    [GeneratedRegex(@"\b(\d{1,4})\s+(?:\w+\s+){0,3}(?:posts|variants|versions|items|elements|tweets|captions|ideas|examples)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CountCue();

    [GeneratedRegex(@"\b(?:class|function|method|named|called|type|def|struct)\s+`?([A-Za-z_][A-Za-z0-9_]{2,60})\b")]
    private static partial Regex TypeCue();

    [GeneratedRegex(@"(?<![\w/:.-])[\w./-]{1,200}\.(?:cs|py|js|ts|java|go|rs|md|json|yaml|csproj|txt)\b")]
    private static partial Regex PathCue();

    [GeneratedRegex(@"(?:^|\n)\s*[-*]?\s*(?:brief|topic|subject|product|theme|about|message|key messages?|description|slot|variant|angle)\s*:\s*([^\n]+)", RegexOptions.IgnoreCase)]
    private static partial Regex BriefCue();

    [GeneratedRegex(@"\p{L}[\p{L}\p{Nd}'-]{3,24}")]
    private static partial Regex Word();
}
