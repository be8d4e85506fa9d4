using System.Text.RegularExpressions;

namespace Platform.Inference;

/// <summary>Finds the places where an engine left code out ("... rest of the file unchanged"): such a file must never overwrite a whole one.</summary>
internal static partial class Elision
{
    /// <summary>What is elided, for the engine to mend; null when nothing is.</summary>
    public static string? In(IEnumerable<CodeFile> files)
    {
        foreach (var file in files)
        {
            if (Mark().Match(file.Text) is { Success: true } mark)
                return $"The file {file.Path} leaves code out ('{mark.Value.Trim()}'). Give the whole file.";
        }

        return null;
    }

    [GeneratedRegex("""^[ \t]*(?://|\#|--|/\*|<!--)[ \t]*(?:\.\.\.|…)[ \t]*\(?(?:the )?(?:rest|remaining|remainder|existing|other|previous|unchanged|omitted|same|keep)\b[^\n]*$|^[ \t]*(?://|\#|--|/\*|<!--)[ \t]*(?:rest of|remaining|existing) (?:the )?(?:code|file|class|methods?|functions?|implementation)[^\n]*(?:unchanged|omitted|same|here|\.\.\.|…)[^\n]*$""", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
