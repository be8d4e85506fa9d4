using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Takes marks such as "(2/5)" or "2/" out of a text that is to be split: an engine numbers its parts although it is told not to, and a reviewer may paste them.</summary>
internal static partial class ThreadMarks
{
    /// <summary>The text without its marks. Only a complete series is one: "1/2 cup" stays.</summary>
    public static string Remove(string text)
    {
        var marks = Mark().Matches(text);
        var numbers = marks.Select(mark => Number(mark, "i")).ToList();
        var total = marks.Select(mark => Number(mark, "n")).FirstOrDefault(n => n > 0);
        var isSeries = marks.Count >= 2 && numbers.SequenceEqual(Enumerable.Range(1, marks.Count)) && marks.All(mark => Number(mark, "n") is var n && (n == 0 || (n == total && n == marks.Count)));
        return isSeries ? Mark().Replace(text, "").Trim() : text;
    }

    private static int Number(Match mark, string group) => int.TryParse(mark.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"(?:^[ \t]*\(?(?<i>[0-9]{1,2})/(?<n>[0-9]{0,2})\)?[ \t]*[:.\-]?[ \t]+)|(?:[ \t]*\((?<i>[0-9]{1,2})/(?<n>[0-9]{1,2})\)[ \t]*$)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Mark();
}
