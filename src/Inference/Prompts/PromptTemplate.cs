using System.Collections.Concurrent;
using System.Text;

namespace Platform.Inference;

/// <summary>
/// A prompt template of this assembly: a part for the system role and one for the user role, with <c>{{name}}</c> for values,
/// <c>{{#name}}...{{/name}}</c> for lines that stand only when the value is not empty and <c>{{^name}}</c> for the opposite.
/// Values are put in as they are and never read as a template.
/// </summary>
internal sealed class PromptTemplate
{
    private static readonly ConcurrentDictionary<string, PromptTemplate> Known = new(StringComparer.Ordinal);
    private readonly string[] system;
    private readonly string[] user;

    private PromptTemplate(string text)
    {
        var lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var at = Array.IndexOf(lines, "# user");
        system = lines[0] == "# system" ? lines[1..at] : [];
        user = lines[(at + 1)..];
    }

    /// <summary>The template of a name, such as "instructions".</summary>
    public static PromptTemplate Get(string name) => Known.GetOrAdd(name, static key => new PromptTemplate(Read(key)));

    /// <summary>The template's file, for the test that pins it to its version.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(PromptTemplate).Assembly.GetManifestResourceStream($"Prompts.{name}.md")
            ?? throw new InvalidOperationException($"There is no prompt template '{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The system part.</summary>
    public string System(IReadOnlyDictionary<string, string> values) => Fill(system, values);

    /// <summary>The user part.</summary>
    public string User(IReadOnlyDictionary<string, string> values) => Fill(user, values);

    private static string Fill(string[] lines, IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        string? skipping = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("{{/", StringComparison.Ordinal))
                skipping = skipping == line[3..^2] ? null : skipping;
            else if (line.StartsWith("{{#", StringComparison.Ordinal))
                skipping ??= Has(values, line[3..^2]) ? null : line[3..^2];
            else if (line.StartsWith("{{^", StringComparison.Ordinal))
                skipping ??= Has(values, line[3..^2]) ? line[3..^2] : null;
            else if (skipping is null)
                Append(text, line, values);
        }

        return text.ToString().Trim('\n');
    }

    private static void Append(StringBuilder text, string line, IReadOnlyDictionary<string, string> values)
    {
        var at = 0;
        for (var open = line.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = line.IndexOf("{{", at, StringComparison.Ordinal))
        {
            var close = line.IndexOf("}}", open, StringComparison.Ordinal);
            text.Append(line, at, open - at).Append(values.GetValueOrDefault(line[(open + 2)..close], ""));
            at = close + 2;
        }

        text.Append(line, at, line.Length - at).Append('\n');
    }

    private static bool Has(IReadOnlyDictionary<string, string> values, string name) => values.GetValueOrDefault(name, "").Length > 0;
}
