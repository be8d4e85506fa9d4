using System.Net;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Right code that came through another medium: HTML entities, numbered or quoted lines, the escapes of a JSON text, pasted twice.</summary>
internal sealed partial class TranscriptRule : ICSharpRule
{
    // Prompts and stray lines may stand between the others.
    private const double Most = 0.8;

    private const string Why = "The code itself is right; what another medium put around it or made of its characters is undone.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.IsSyntax && !fault.Is("CS0101", "CS0111", "CS1529", "CS8954", "CS8802", "CS0102", "CS0579"))
            return [];
        var edits = Whole(fault.Text.ToString()).Select(e => new TokenEdit(new TextChange(new TextSpan(0, fault.Text.Length), e.Text), e.Fix, e.Cost));
        // Twice the same file is free of syntax errors unless it imports something.
        return fault.IsSyntax ? new ParseTrial(fault).Try(edits, token).Candidates(Why) : edits.Where(e => e.Fix == Halved).Select(e => fault.Change(fault.Tree, e.Fix, Why, e.Cost, e.Change));
    }

    private const string Halved = "keep one of the two copies";

    /// <summary>The text as it may have been before; for any language.</summary>
    public static IEnumerable<(string Text, string Fix, double Cost)> Whole(string text)
    {
        var lines = text.Split('\n');
        var filled = lines.Count(l => l.Trim().Length > 0);
        if (Entity().IsMatch(text))
            yield return (WebUtility.HtmlDecode(text), "HTML entities -> characters", 0.6);
        if (lines.Count(Number().IsMatch) > Most * filled && Ascends(lines))
            yield return (string.Join('\n', lines.Select(l => Number().Replace(l, ""))), "remove the line numbers", 0.6);
        foreach (var mark in new[] { ">", "|", "+", "*", "$" })
        {
            if (lines.Count(l => l.StartsWith(mark, StringComparison.Ordinal)) > Most * filled)
                yield return (string.Join('\n', lines.Select(l => l.StartsWith(mark + " ", StringComparison.Ordinal) ? l[(mark.Length + 1)..] : l.StartsWith(mark, StringComparison.Ordinal) ? l[mark.Length..] : l)), $"remove {mark} before the lines", 0.6);
        }
        foreach (var tag in new[] { Tag().Replace(text, "") }.Where(t => t != text))
            yield return (tag, "remove the tags", 0.8);
        if (text.Contains("\\\"", StringComparison.Ordinal))
        {
            yield return (Unescaped(text, "\\\""), "\\\" -> \"", 0.7);
            yield return (Unescaped(text, "\\\"/"), "\\\" -> \", \\\\ -> \\", 0.75);
        }
        if (filled <= 3 && text.Contains("\\n", StringComparison.Ordinal))
        {
            yield return (Unescaped(text.Trim().Trim('"'), "\\\"/nrt"), "undo the escapes of the text", 0.7);
            yield return (text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal), "\\n -> line break", 0.8);
        }
        foreach (var clean in new[] { Blank().Replace(Nothing().Replace(text, ""), " ") }.Where(t => t != text))
            yield return (clean, "remove invisible characters", 0.6);
        foreach (var copy in Copies(text, lines))
            yield return (copy, Halved, 0.7);
    }

    // The file begins a second time; the later one is often the better. Only what the other copy holds too is dropped: two parts of a file may begin alike.
    private static IEnumerable<string> Copies(string text, string[] lines)
    {
        var first = Array.FindIndex(lines, l => l.Trim().Length > 3 && !l.TrimStart().StartsWith("//", StringComparison.Ordinal));
        var again = first < 0 ? -1 : Array.FindIndex(lines, first + 1, l => l.Trim() == lines[first].Trim());
        if (again < lines.Length / 3 || again > 2 * lines.Length / 3 + 1)
            yield break;
        var (one, two) = (string.Join('\n', lines[..again]), string.Join('\n', lines[again..]));
        if (two.Trim() != one.Trim() && Holds(two, one))
            yield return two;
        if (Holds(one, two))
            yield return one.TrimEnd() + "\n";
    }

    // All lines of words but one in ten; the last one may have been cut off.
    private static bool Holds(string whole, string part)
    {
        var kept = Lines(whole).ToHashSet(StringComparer.Ordinal);
        var dropped = Lines(part).ToList();
        var lost = dropped.Count(l => !kept.Contains(l));
        if (dropped is [.., var last] && !kept.Contains(last) && kept.Any(l => l.StartsWith(last, StringComparison.Ordinal)))
            lost--;
        return lost * 10 <= dropped.Count;
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(l => l.Trim()).Where(l => l.Any(char.IsLetterOrDigit));

    private static bool Ascends(string[] lines)
    {
        var numbers = lines.Select(l => Number().Match(l)).Where(m => m.Success).Select(m => int.Parse(m.Groups["n"].Value, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        return numbers.Zip(numbers.Skip(1)).All(p => p.Second > p.First);
    }

    private static string Unescaped(string text, string escapes) => Escape().Replace(text, m => m.Value[1] switch
    {
        '"' => "\"",
        '\\' when escapes.Contains('/') => "\\",
        'n' when escapes.Contains('n') => "\n",
        'r' when escapes.Contains('r') => "",
        't' when escapes.Contains('t') => "\t",
        _ => m.Value,
    });

    [GeneratedRegex("&(?:lt|gt|amp|quot|apos|nbsp|#0?39|#34|#x27|#x22);")]
    private static partial Regex Entity();

    [GeneratedRegex(@"^[ \t]*(?<n>\d{1,6})(?:[ \t]*[:|.)\u2192\u2502][ \t]?|\t|[ ]{1,2}(?=\S)|[ ]?$)")]
    private static partial Regex Number();

    [GeneratedRegex("</?(?:code|pre|csharp|answer|solution|br)\\b[^<>\n]{0,80}>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();

    [GeneratedRegex("[\u00A0\u2007\u202F\u3000]")]
    private static partial Regex Blank();

    [GeneratedRegex("[\u200B\u200C\u200D\u2060\uFEFF]")]
    private static partial Regex Nothing();
}
