using System.Security.Cryptography;
using System.Text;

namespace Platform.Privacy;

/// <summary>
/// AES-256-GCM with a random nonce: a mark, a version, 12 bytes of nonce, the cipher text, 16 bytes of tag. The mark is a zero, which no
/// protobuf message begins with, so that sealed and plain bytes are never mistaken for each other.
/// </summary>
internal static class SealedBox
{
    public const int KeyBytes = 32;
    private const byte Mark = 0;
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Head = 2 + NonceBytes;

    /// <summary>Whether bytes are sealed.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes) => bytes.Length >= Head + TagBytes && bytes[0] == Mark && bytes[1] == Version;

    /// <summary>Seals bytes for a place; they open at that place only.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, string place, ReadOnlySpan<byte> plain)
    {
        var box = new byte[Head + plain.Length + TagBytes];
        (box[0], box[1]) = (Mark, Version);
        var nonce = box.AsSpan(2, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(Head, plain.Length), box.AsSpan(Head + plain.Length), Encoding.UTF8.GetBytes(place));
        return box;
    }

    /// <summary>Opens what was sealed for a place.</summary>
    /// <exception cref="CryptographicException">The key or the place is another, or a bit was changed.</exception>
    public static byte[] Open(ReadOnlySpan<byte> key, string place, ReadOnlySpan<byte> box)
    {
        if (!IsSealed(box))
            throw new CryptographicException($"What stands at '{place}' is not sealed by this version of the platform.");
        var plain = new byte[box.Length - Head - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(box.Slice(2, NonceBytes), box.Slice(Head, plain.Length), box[^TagBytes..], plain, Encoding.UTF8.GetBytes(place));
        return plain;
    }
}
