using System.Text.RegularExpressions;

namespace Platform.Simulator.Answers;

/// <summary>The programming languages that the simulator can answer in, and how prompts name them.</summary>
internal static partial class CodeLanguages
{
    /// <summary>Each line: the tag of the fenced block, then the other ways to name the language.</summary>
    private static readonly Dictionary<string, string> Names = new[]
    {
        "csharp c# cs .net dotnet",
        "python py",
        "javascript js node node.js",
        "typescript ts",
        "java",
        "go golang",
        "rust rs",
        "cpp c++",
        "c",
        "ruby",
        "php",
        "kotlin",
        "swift",
        "sql",
        "bash sh shell",
    }.Select(line => line.Split(' ')).SelectMany(names => names.Select(name => (Name: name, Tag: names[0]))).ToDictionary(pair => pair.Name, pair => pair.Tag, StringComparer.OrdinalIgnoreCase);

    /// <summary>The language a text asks for: a label wins over the tag of a fenced block, and both over a word in a sentence.</summary>
    public static string? Find(string text) => First(Label(), text) ?? First(Fence(), text) ?? First(Word(), text);

    private static string? First(Regex cue, string text)
    {
        foreach (Match match in cue.Matches(text))
        {
            if (Names.TryGetValue(match.Groups[1].Value, out var language))
                return language;
        }

        return null;
    }

    [GeneratedRegex(@"\blanguage\s*[:=]\s*[`""']?([A-Za-z#+.]{1,12})", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex(@"```([A-Za-z#+]{1,12})")]
    private static partial Regex Fence();

    /// <summary>Short and ambiguous names (c, go, java's island) count only where a sentence points at a language.</summary>
    [GeneratedRegex(@"(?<![\w.])(?:(?:in|with|using|valid|idiomatic|a|one)\s+)(C\+\+|C#|C|Go|Golang|Rust|Java|Kotlin|Swift|Ruby|PHP|SQL|Bash|Python|JavaScript|TypeScript|Node\.js|shell)(?![\w+#])|(?<!\w)(C#|CSharp|Python|JavaScript|TypeScript|\.NET)(?!\w)", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
