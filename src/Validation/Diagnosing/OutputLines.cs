using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>The lines of a tool's output with a place in them. Formats look ahead and take what is theirs.</summary>
internal sealed partial class OutputLines(string text)
{
    private const int MaxText = 4 << 20;

    private readonly string[] lines = Plain(text.Length > MaxText ? text[..MaxText] : text).ReplaceLineEndings("\n").Split('\n');

    /// <summary>Number of the line that is looked at.</summary>
    public int At { get; set; }

    /// <summary>True behind the last line.</summary>
    public bool IsEnd => At >= lines.Length;

    /// <summary>A line counted from the current one; empty outside of the text.</summary>
    public string Ahead(int count = 0) => At + count >= 0 && At + count < lines.Length ? lines[At + count] : "";

    /// <summary>True while there is such a line.</summary>
    public bool Has(int count) => At + count < lines.Length;

    // Terminals are told colours and links between the letters.
    private static string Plain(string text) => text.Contains('\u001B', StringComparison.Ordinal) ? Escapes().Replace(text, "") : text;

    /// <summary>A number that a pattern found; 0 when it found none or it is too large.</summary>
    public static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex("\u001B(\\[[0-9;?:]*[A-Za-z]|\\][^\u0007\u001B\n]*(\u0007|\u001B\\\\))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Escapes();
}

/// <summary>How one kind of error is printed.</summary>
internal interface IErrorFormat
{
    /// <summary>The error that begins at the current line, with the place moved to its last line; null, and nothing moved, when none begins there.</summary>
    FoundError? Read(OutputLines lines);
}
