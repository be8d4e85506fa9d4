using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>
/// What stays of an error when names and numbers are taken out, so that the same mistake in another place is known again:
/// <c>CS0103: The name 'custmer' does not exist</c> becomes <c>CS0103: the name '_' does not exist</c>.
/// </summary>
internal static partial class ErrorSignature
{
    private const int MaxLength = 300;

    public static string Of(string code, string message)
    {
        var first = message.AsSpan().Trim();
        var end = first.IndexOfAny('\r', '\n');
        var text = Place().Replace((end < 0 ? first : first[..end]).ToString(), "");
        text = Quoted().Replace(Bare(code, text), "'_'");
        text = Number().Replace(text, "0");
        text = Spaces().Replace(text, " ").Trim().ToLowerInvariant();
        text = text.Length > MaxLength ? text[..MaxLength] : text;
        return code.Length == 0 ? text : $"{code}: {text}";
    }

    /// <summary>The signature of before the code stood in front of every one, once, as it would be made today.</summary>
    public static string Renewed(string code, string signature)
    {
        if (code.Length == 0)
            return signature;
        var text = signature.StartsWith($"{code}: ", StringComparison.Ordinal) ? signature[(code.Length + 2)..] : signature;
        // Numbers were taken out of the code too: CS0103 stood there as cs0.
        return $"{code}: {Bare(Number().Replace(code, "0"), Bare(code, text))}";
    }

    // A tool's line has the code before its message, and sometimes again in it: either way it is one error.
    private static string Bare(string code, string text)
    {
        while (code.Length > 0 && text.StartsWith(code, StringComparison.OrdinalIgnoreCase) && text.AsSpan(code.Length).TrimStart().StartsWith(":"))
            text = text[code.Length..].TrimStart()[1..].TrimStart();
        return text;
    }

    /// <summary>The code an error message begins with, such as CS0103 or TypeError; empty when there is none.</summary>
    public static string CodeOf(string error) => Code().Match(error) is { Success: true } match ? match.Groups["code"].Value : "";

    [GeneratedRegex("""'[^'\n]{0,200}'|"[^"\n]{0,200}"|`[^`\n]{0,200}`""", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w./\\-]+\(\d+,\d+\):\s*|\bat line \d+|\bline \d+", RegexOptions.None, 1000)]
    private static partial Regex Place();

    [GeneratedRegex(@"\d+(\.\d+)?", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b(?<code>[A-Z]{2,4}\d{3,5}|E\d{4}|[A-Z]\w*(Error|Exception))\b", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
