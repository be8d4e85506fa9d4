namespace Platform.Simulator.Faults;

/// <summary>Legal but unkind ways to put the same bytes on the wire.</summary>
internal static class WireDamage
{
    /// <summary>Splits are real time and packets: enough of them to hit every kind of boundary, few enough to stay quick.</summary>
    private const int MaxSplits = 64;

    public static byte[] ToCrlf(ReadOnlySpan<byte> bytes)
    {
        var result = new List<byte>(bytes.Length + 8);
        foreach (var unit in bytes)
        {
            if (unit == (byte)'\n')
                result.Add((byte)'\r');
            result.Add(unit);
        }

        return [.. result];
    }

    /// <summary>Splits inside the word <c>data:</c>, between the two line ends of an event and inside every character of several bytes.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes)
    {
        var start = 0;
        var splits = 0;
        for (var at = 1; at < bytes.Length && splits < MaxSplits; at++)
        {
            if (!IsUnkind(bytes.Span, at))
                continue;
            yield return bytes[start..at];
            start = at;
            splits++;
        }

        yield return bytes[start..];
    }

    private static bool IsUnkind(ReadOnlySpan<byte> bytes, int at) =>
        (bytes[at] & 0xC0) == 0x80
        || (at >= 2 && bytes[at..].StartsWith("ta:"u8) && bytes[at - 2] == (byte)'d' && bytes[at - 1] == (byte)'a')
        || (bytes[at] == (byte)'\n' && bytes[at - 1] == (byte)'\n');
}
