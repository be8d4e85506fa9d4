namespace Platform.Maya;

/// <summary>Length of a domain label as the network sees it (RFC 3492). Only the length is needed, and no input may throw.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int PrefixLength = 4;

    /// <summary>Longest label that is worth encoding: anything longer is refused anyway.</summary>
    private const int Enough = 256;

    /// <summary>Marks that the network reads as dots (RFC 3490).</summary>
    private static readonly char[] OtherDots = ['\u3002', '\uff0e', '\uff61'];

    /// <summary>Length of the label with its prefixes where it is international, else its own. The specification's domains may hold other dots within a label.</summary>
    public static int EncodedLength(string label) =>
        label.IndexOfAny(OtherDots) < 0 ? PartLength(label) : label.Split(OtherDots).Sum(part => PartLength(part) + 1) - 1;

    private static int PartLength(string label)
    {
        var points = label.Length > Enough ? [] : CodePoints(label);
        var basic = points.Count(p => p < 0x80);
        if (label.Length > Enough || basic == points.Count)
            return label.Length;
        return PrefixLength + basic + (basic > 0 ? 1 : 0) + DeltaDigits(points, basic);
    }

    private static List<int> CodePoints(string label)
    {
        var points = new List<int>(label.Length);
        for (var i = 0; i < label.Length; i++)
        {
            var pair = char.IsHighSurrogate(label[i]) && i + 1 < label.Length && char.IsLowSurrogate(label[i + 1]);
            points.Add(pair ? char.ConvertToUtf32(label[i], label[++i]) : label[i]);
        }

        return points;
    }

    private static int DeltaDigits(List<int> points, int basic)
    {
        var (n, delta, bias, handled, digits) = (0x80, 0L, 72, basic, 0);
        while (handled < points.Count)
        {
            var next = points.Where(p => p >= n).Min();
            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var point in points)
            {
                delta += point < n ? 1 : 0;
                if (point != n)
                    continue;
                digits += DigitCount(delta, bias);
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }

            delta++;
            n++;
        }

        return digits;
    }

    private static int DigitCount(long delta, int bias)
    {
        var count = 1;
        for (var k = Base; ; k += Base)
        {
            var t = Math.Clamp(k - bias, TMin, TMax);
            if (delta < t)
                return count;
            delta = (delta - t) / (Base - t);
            count++;
        }
    }

    private static int Adapt(long delta, int points, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return (int)(k + ((Base - TMin + 1) * delta / (delta + Skew)));
    }
}
