using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Turns what is read with the eyes into what can be said: money, shares, times, years, units and abbreviations in words. English.</summary>
internal static partial class SpeakableWords
{
    private static readonly Dictionary<string, (string One, string Many)> Money = new(StringComparer.Ordinal) { ["$"] = ("dollar", "dollars"), ["€"] = ("euro", "euros"), ["£"] = ("pound", "pounds") };

    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["km"] = "kilometres",
        ["m"] = "metres",
        ["cm"] = "centimetres",
        ["mm"] = "millimetres",
        ["kg"] = "kilograms",
        ["g"] = "grams",
        ["l"] = "litres",
        ["ml"] = "millilitres",
        ["kWh"] = "kilowatt hours",
        ["W"] = "watts",
        ["GB"] = "gigabytes",
        ["MB"] = "megabytes",
        ["TB"] = "terabytes",
        ["ms"] = "milliseconds",
        ["s"] = "seconds",
        ["min"] = "minutes",
        ["h"] = "hours",
        ["km/h"] = "kilometres an hour",
        ["mph"] = "miles an hour",
        ["°C"] = "degrees Celsius",
        ["°F"] = "degrees Fahrenheit",
        ["k"] = "thousand",
        ["K"] = "thousand",
        ["M"] = "million",
    };

    private static readonly (Regex Pattern, string Words)[] Short =
    [
        (EndedWord("e.g."), "for example"), (EndedWord("i.e."), "that is"), (EndedWord("etc."), "and so on"), (EndedWord("vs."), "versus"), (EndedWord("approx."), "about"), (EndedWord("Dr."), "Doctor"),
        (EndedWord("Mr."), "Mister"), (EndedWord("Mrs."), "Missus"), (EndedWord("No."), "number"), (EndedWord("St."), "Saint"),
    ];

    /// <summary>The text in words.</summary>
    public static string Of(string text)
    {
        var result = text;
        foreach (var (pattern, words) in Short)
            result = pattern.Replace(result, words);
        result = Amount().Replace(result, Currency);
        result = Share().Replace(result, m => $"{NumberWords.Of(m.Groups[1].Value)} percent");
        result = Clock().Replace(result, Time);
        result = Place().Replace(result, m => NumberWords.Ordinal(long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)));
        result = Measure().Replace(result, m => $"{NumberWords.Of(m.Groups[1].Value)} {Units[m.Groups[2].Value]}");
        result = Year().Replace(result, m => NumberWords.Year(int.Parse(m.Value, CultureInfo.InvariantCulture)));
        result = Range().Replace(result, " to ");
        result = Number().Replace(result, m => NumberWords.Of(m.Value));
        return result.Replace("&", " and ", StringComparison.Ordinal).Replace("+", " plus ", StringComparison.Ordinal).Replace("%", " percent ", StringComparison.Ordinal);
    }

    private static string Currency(Match match)
    {
        var (one, many) = Money[match.Groups[1].Success ? match.Groups[1].Value : match.Groups[4].Value];
        var digits = (match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value).Replace(",", "", StringComparison.Ordinal);
        var scale = match.Groups[5].Success ? $" {match.Groups[5].Value}" : "";
        var dot = digits.IndexOf('.');
        if (scale.Length > 0 || dot < 0 || digits.Length - dot != 3)
            return $"{NumberWords.Of(digits)}{scale} {(digits == "1" && scale.Length == 0 ? one : many)}";
        var (whole, cents) = (digits[..dot], int.Parse(digits[(dot + 1)..], CultureInfo.InvariantCulture));
        var words = $"{NumberWords.Of(whole)} {(whole == "1" ? one : many)}";
        return cents == 0 ? words : $"{words} {NumberWords.Cardinal(cents)}";
    }

    private static string Time(Match match)
    {
        var (hour, minute) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Success ? int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) : 0);
        var half = match.Groups[3].Success ? $" {match.Groups[3].Value[..1].ToLowerInvariant()} m" : "";
        return $"{NumberWords.Cardinal(hour)}{(minute == 0 ? half.Length > 0 ? "" : " o'clock" : minute < 10 ? $" oh {NumberWords.Cardinal(minute)}" : $" {NumberWords.Cardinal(minute)}")}{half}";
    }

    private static Regex EndedWord(string word) => new($@"(?<!\w){Regex.Escape(word)}", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"(?:([$€£])\s?(\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,2})?)|(\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,2})?)\s?([€£$]))(?:\s?(million|billion|thousand))?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Amount();

    [GeneratedRegex(@"(\d{1,15}(?:\.\d{1,6})?)\s?%", RegexOptions.CultureInvariant)]
    private static partial Regex Share();

    [GeneratedRegex(@"(?<![\d:.])([01]?\d|2[0-3])(?::([0-5]\d))?(?<=\d)\s?(?:(am|pm|a\.m\.|p\.m\.)\b\.?|(?<=:[0-5]\d)(?![\d:]))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(\d{1,9})(?:st|nd|rd|th)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    [GeneratedRegex(@"\b(\d{1,15}(?:,\d{3}){0,5}(?:\.\d{1,6})?)\s?(km/h|mph|km|cm|mm|kg|kWh|GB|MB|TB|ml|ms|min|°C|°F|m|g|l|W|s|h|k|K|M)(?![\w/])", RegexOptions.CultureInvariant)]
    private static partial Regex Measure();

    [GeneratedRegex(@"(?<![\d,.])(1[1-9]|20)\d\d(?![\d,]|\.\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Year();

    [GeneratedRegex(@"(?<=\d)\s?[–-]\s?(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Range();

    [GeneratedRegex(@"\d+(?:,\d{3})*(?:\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
