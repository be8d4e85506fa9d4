using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>The namespace or package that a file declares: what a reader of another project has to change first.</summary>
internal static partial class Spaces
{
    /// <summary>The first one that is declared; empty when none is.</summary>
    public static string Of(string language, string text) => language switch
    {
        "csharp" or "php" => Namespace().Match(text).Groups["name"].Value,
        "java" or "kotlin" or "scala" or "go" => Package().Match(text).Groups["name"].Value,
        _ => "",
    };

    [GeneratedRegex(@"(?m)^[ \t]*namespace[ \t]+(?<name>[\w.\\]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?m)^[ \t]*package[ \t]+(?<name>[\w.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Package();
}
