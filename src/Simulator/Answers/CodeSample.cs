using System.Globalization;

namespace Platform.Simulator.Answers;

/// <summary>
/// One fenced block of valid code in the language asked for. What it does is trivial and always the same (it hands back its
/// input), and its first comment says that it is simulated.
/// </summary>
internal static class CodeSample
{
    private const string Notice = "simulated: written by rules of the local simulator, not by a model";

    public static string Write(PromptFacts facts, ref Dice dice)
    {
        var language = facts.Language ?? "csharp";
        return $"```{language}\n{Body(language, facts)}\n```";
    }

    /// <summary>The code alone, without its fence.</summary>
    public static string Body(string language, PromptFacts facts)
    {
        var type = TypeName(facts);
        var function = char.ToLowerInvariant(type[0]) + type[1..];
        return language switch
        {
            "python" => $"# {Notice}\ndef {Snake(type)}(value):\n    return value",
            "javascript" => $"// {Notice}\nexport function {function}(value) {{\n  return value;\n}}",
            "typescript" => $"// {Notice}\nexport function {function}<T>(value: T): T {{\n  return value;\n}}",
            "java" => $"// {Notice}\nfinal class {type} {{\n    private {type}() {{\n    }}\n\n    static String run(String value) {{\n        return value;\n    }}\n}}",
            "go" => $"// {Notice}\npackage simulated\n\n// {type} returns its input.\nfunc {type}(value string) string {{\n\treturn value\n}}",
            "rust" => $"// {Notice}\npub fn {Snake(type)}(value: &str) -> String {{\n    value.to_string()\n}}",
            "c" => $"/* {Notice} */\nint {Snake(type)}(int value) {{\n    return value;\n}}",
            "cpp" => $"// {Notice}\n#include <string>\n\nstd::string {Snake(type)}(const std::string& value) {{\n    return value;\n}}",
            "ruby" => $"# {Notice}\ndef {Snake(type)}(value)\n  value\nend",
            "php" => $"<?php\n// {Notice}\nfunction {function}(string $value): string\n{{\n    return $value;\n}}",
            "kotlin" => $"// {Notice}\nfun {function}(value: String): String = value",
            "swift" => $"// {Notice}\nfunc {function}(_ value: String) -> String {{\n    return value\n}}",
            "sql" => $"-- {Notice}\nSELECT 1 AS {Snake(type)};",
            "bash" => $"#!/usr/bin/env bash\n# {Notice}\n{Snake(type)}() {{\n  printf '%s\\n' \"$1\"\n}}",
            _ => $"// {Notice}\npublic static class {type}\n{{\n    public static string Run(string value) => value;\n}}",
        };
    }

    /// <summary>The name that the prompt gives, or one made of its key words.</summary>
    private static string TypeName(PromptFacts facts)
    {
        if (facts.TypeName is { } named && !PlainWords.IsInstruction(named))
            return Capital(named);
        var words = facts.KeyWords.Select(word => new string([.. word.Where(char.IsAsciiLetter)])).Where(word => word.Length > 2).Take(3);
        return "Simulated" + string.Concat(words.Select(word => Capital(word.ToLowerInvariant())));
    }

    private static string Capital(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];

    private static string Snake(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 && !char.IsUpper(name[index - 1]) ? "_" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
}
