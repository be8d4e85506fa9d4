using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Storage;

/// <summary>
/// Which ids of a batch were seen. Of each id eight bytes of a keyed hash are kept: two of a hundred thousand ids are then taken for the same once in billions of batches,
/// and nobody without the key can choose such two.
/// </summary>
public sealed class SeenIds
{
    private const int First = 1_024;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private ulong[] _slots = new ulong[First];
    private int _count;

    /// <summary>Adds an id; false when it was seen before.</summary>
    public bool Add(string id)
    {
        if (!Put(_slots, HashOf(id)))
            return false;
        if (++_count * 4 > _slots.Length * 3)
            Widen();
        return true;
    }

    private void Widen()
    {
        var wider = new ulong[_slots.Length * 2];
        foreach (var hash in _slots.Where(hash => hash != 0))
            Put(wider, hash);
        _slots = wider;
    }

    private static bool Put(ulong[] slots, ulong hash)
    {
        for (var at = (int)(hash & (ulong)(slots.Length - 1)); ; at = (at + 1) & (slots.Length - 1))
        {
            if (slots[at] == hash)
                return false;
            if (slots[at] != 0)
                continue;
            slots[at] = hash;
            return true;
        }
    }

    /// <summary>Never 0, which is an empty slot.</summary>
    private ulong HashOf(string id)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(id), hash);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
