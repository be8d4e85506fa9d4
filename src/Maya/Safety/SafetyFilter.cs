using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Something in a text that should not be published as it is.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Confidence">How sure the filter is, 0 to 1.</param>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="Length">UTF-16 units.</param>
public sealed record SafetyFinding(string Label, double Confidence, int Start, int Length);

/// <summary>
/// Local safety filter by pattern: hate, harassment, violence, self-harm, sexual content, claims no brand may make, secrets and personal
/// data. Patterns run without backtracking, so that no text can make them slow. It errs on the quiet side: a moderation model may be asked on top.
/// </summary>
public static class SafetyFilter
{
    /// <summary>The label of a text without findings.</summary>
    public const string Safe = "safe";

    private const string PersonalData = "personal_data";
    private const double CardConfidence = 0.95;
    private static readonly (string Label, double Confidence, Regex Pattern)[] Patterns = [.. EmbeddedLines.Of("Safety/patterns.txt").Select(Parse)];
    private static readonly Regex Digits = new(@"\b[0-9](?:[ -]?[0-9]){12,18}\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Every label.</summary>
    public static IReadOnlyList<string> Labels { get; } = [Safe, .. Patterns.Select(p => p.Label).Distinct()];

    /// <summary>Everything found, at most one finding a pattern.</summary>
    public static IReadOnlyList<SafetyFinding> Find(string text)
    {
        var forms = MatchableText.Of(text);
        var findings = new List<SafetyFinding>();
        foreach (var (label, confidence, pattern) in Patterns)
            Add(label, confidence, form => pattern.Match(form) is { Success: true } match ? match : null);
        Add(PersonalData, CardConfidence, form => Digits.Matches(form).FirstOrDefault(m => IsCardNumber(m.Value)));
        return findings;

        void Add(string label, double confidence, Func<string, Match?> find)
        {
            foreach (var form in forms)
            {
                if (find(form.Text) is not { } match)
                    continue;
                var (start, length) = form.Original(match.Index, match.Length);
                findings.Add(new(label, confidence, start, length));
                return;
            }
        }
    }

    private static (string, double, Regex) Parse(string line)
    {
        var cells = line.Split('\t');
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (cells[0] == "secret" ? RegexOptions.None : RegexOptions.IgnoreCase);
        return (cells[0], double.Parse(cells[1], CultureInfo.InvariantCulture), new Regex(cells[2], options));
    }

    /// <summary>Payment cards carry a check digit (Luhn), which keeps order numbers out.</summary>
    private static bool IsCardNumber(string digits)
    {
        var (sum, twice) = (0, false);
        foreach (var c in digits.Where(char.IsAsciiDigit).Reverse())
        {
            var digit = (c - '0') * (twice ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
            twice = !twice;
        }

        return sum % 10 == 0;
    }
}
