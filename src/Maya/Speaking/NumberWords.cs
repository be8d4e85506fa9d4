using System.Globalization;

namespace Platform.Maya;

/// <summary>Numbers as English words.</summary>
internal static class NumberWords
{
    private const int MostDigits = 15;

    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
        "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (long Size, string Name)[] Scales = [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred")];

    private static readonly Dictionary<string, string> Ordinals = new(StringComparer.Ordinal)
    {
        ["one"] = "first",
        ["two"] = "second",
        ["three"] = "third",
        ["five"] = "fifth",
        ["eight"] = "eighth",
        ["nine"] = "ninth",
        ["twelve"] = "twelfth",
    };

    /// <summary>A number as it stands in a text, such as "1,200" or "3.5"; digit by digit when it is very long or begins with a zero.</summary>
    public static string Of(string digits)
    {
        var plain = digits.Replace(",", "", StringComparison.Ordinal);
        var dot = plain.IndexOf('.');
        var whole = dot < 0 ? plain : plain[..dot];
        if (whole.Length > MostDigits || (whole.Length > 1 && whole[0] == '0'))
            return Spelled(plain);
        var words = Cardinal(long.Parse(whole, CultureInfo.InvariantCulture));
        return dot < 0 ? words : $"{words} point {Spelled(plain[(dot + 1)..])}";
    }

    /// <summary>A whole number.</summary>
    public static string Cardinal(long number)
    {
        if (number < Small.Length)
            return Small[number];
        if (number < 100)
            return Tens[number / 10] + (number % 10 == 0 ? "" : $"-{Small[number % 10]}");
        var (size, name) = Scales.First(s => number >= s.Size);
        var rest = number % size;
        var glue = size == 100 ? " and " : " ";
        return $"{Cardinal(number / size)} {name}{(rest == 0 ? "" : $"{(rest < 100 && size > 100 ? " and " : glue)}{Cardinal(rest)}")}";
    }

    /// <summary>The place in a row: first, twenty-third.</summary>
    public static string Ordinal(long number)
    {
        var words = Cardinal(number);
        var cut = Math.Max(words.LastIndexOf(' '), words.LastIndexOf('-')) + 1;
        var last = words[cut..];
        return words[..cut] + (Ordinals.TryGetValue(last, out var known) ? known : last.EndsWith('y') ? $"{last[..^1]}ieth" : $"{last}th");
    }

    /// <summary>A year as it is said: nineteen eighty-four, two thousand and six.</summary>
    public static string Year(int year) => year switch
    {
        >= 2000 and < 2010 => Cardinal(year),
        _ when year % 100 == 0 => $"{Cardinal(year / 100)} hundred",
        _ when year % 100 < 10 => $"{Cardinal(year / 100)} oh {Cardinal(year % 100)}",
        _ => $"{Cardinal(year / 100)} {Cardinal(year % 100)}",
    };

    /// <summary>Digit by digit.</summary>
    public static string Spelled(string digits) => string.Join(' ', digits.Select(c => c == '.' ? "point" : Small[c - '0']));
}
