using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Patterns;

/// <summary>CRC-32C over 8 bytes at a time, with the processor's instruction where there is one.</summary>
internal static class Checksum
{
    /// <summary>Never 0 for an empty page: a page of zeros must not look whole.</summary>
    private const uint Seed = 0x5EED_C0DE;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = Seed;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var rest in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, rest);
        return crc;
    }
}
