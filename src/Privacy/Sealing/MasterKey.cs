using System.Security.Cryptography;
using System.Text;

namespace Platform.Privacy;

/// <summary>
/// A master key and what is derived from it (HKDF-SHA256, one purpose each): it wraps data keys, blinds the names under which subjects are
/// looked up, and signs the head of the audit log. The key itself encrypts nothing.
/// </summary>
internal sealed class MasterKey
{
    private const int IdBytes = 8;
    private readonly byte[] _wrap;
    private readonly byte[] _blind;
    private readonly byte[] _sign;

    public MasterKey(byte[] secret)
    {
        if (secret.Length != SealedBox.KeyBytes)
            throw new ArgumentException($"A master key has {SealedBox.KeyBytes} bytes, this one {secret.Length}.", nameof(secret));
        (_wrap, _blind, _sign) = (Derive(secret, "wrap"), Derive(secret, "blind"), Derive(secret, "sign"));
        Id = Convert.ToHexStringLower(Derive(secret, "id")[..IdBytes]);
        Secret = Convert.ToBase64String(secret);
    }

    /// <summary>Names the key without giving it away.</summary>
    public string Id { get; }

    /// <summary>The key as a settings value or a line of the key file.</summary>
    public string Secret { get; }

    /// <summary>A new random key.</summary>
    public static MasterKey Make() => new(RandomNumberGenerator.GetBytes(SealedBox.KeyBytes));

    /// <summary>Reads a key from a settings value; null when it is none.</summary>
    public static MasterKey? Read(string text)
    {
        var bytes = new byte[SealedBox.KeyBytes + 1];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == SealedBox.KeyBytes ? new MasterKey(bytes[..length]) : null;
    }

    /// <summary>Wraps a data key for one subject.</summary>
    public byte[] Wrap(byte[] dataKey, string subject) => SealedBox.Seal(_wrap, subject, dataKey);

    /// <summary>Unwraps a data key.</summary>
    /// <exception cref="CryptographicException">It belongs to another subject or master key.</exception>
    public byte[] Unwrap(byte[] wrapped, string subject) => SealedBox.Open(_wrap, subject, wrapped);

    /// <summary>The name under which a subject is looked up: cannot be turned back or guessed without the key.</summary>
    public string Blind(string tenant, string subject) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_blind, Encoding.UTF8.GetBytes($"{tenant.Length}:{tenant}{subject}")));

    /// <summary>The key pair (ECDSA, P-256) that signs the audit log.</summary>
    public ECDsa Signer() => ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Scalar() });

    /// <inheritdoc />
    public override string ToString() => $"{nameof(MasterKey)} {Id}";

    /// <summary>A private scalar from 1 to n - 1; the top bit is cleared, which keeps it below the order of the curve.</summary>
    private byte[] Scalar()
    {
        var scalar = (byte[])_sign.Clone();
        scalar[0] &= 0x7F;
        scalar[^1] |= 1;
        return scalar;
    }

    private static byte[] Derive(byte[] secret, string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SealedBox.KeyBytes, info: Encoding.ASCII.GetBytes($"platform/1/{purpose}"));
}
