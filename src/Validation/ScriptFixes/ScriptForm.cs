using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Whether a script is a module or CommonJS, which the parser must know beforehand.</summary>
internal static partial class ScriptForm
{
    /// <summary>True for a module: by its name, or, where that leaves it open, by an import or export in its code.</summary>
    public static bool IsModule(SourceFile file) => System.IO.Path.GetExtension(file.Path) switch
    {
        ".mjs" or ".mts" or ".ts" or ".tsx" => true,
        ".cjs" or ".cts" => false,
        _ => SaysSo(file.Text),
    };

    /// <summary>True when its name says nothing, so that what cannot be read as CommonJS may be a module after all.</summary>
    public static bool IsOpen(SourceFile file) => System.IO.Path.GetExtension(file.Path) is not (".cjs" or ".cts");

    // In a text or a comment it is not this file's.
    private static bool SaysSo(string text)
    {
        bool[]? code = null;
        foreach (var found in Syntax().EnumerateMatches(text))
        {
            code ??= CodeMask.Of(text);
            if (code[found.Index])
                return true;
        }
        return false;
    }

    [GeneratedRegex("""(?<=^[ \t]*)(?:import\s+[\w*{"']|export\s+(?:default|const|let|var|function|class|async|\{|\*))|^(?:(?:const|let|var)\s[^/\n]*=\s*)?await\s+import\(""", RegexOptions.Multiline)]
    private static partial Regex Syntax();
}
