using System.Text;

namespace Platform.Privacy;

/// <summary>
/// The data key of one subject. What it seals opens again as long as the key exists; destroying the key makes every copy unreadable,
/// wherever it lies: rows, backups, messages.
/// </summary>
public sealed class SubjectKey
{
    private const string TextMark = "sealed:1:";
    private readonly byte[] _key;

    internal SubjectKey(string tenant, string pseudonym, byte[] key) => (Tenant, Pseudonym, _key) = (tenant, pseudonym, key);

    /// <summary>Tenant of the subject.</summary>
    public string Tenant { get; }

    /// <summary>What stands for the subject in rows, messages and the audit log: random, and nobody's once the key is destroyed.</summary>
    public string Pseudonym { get; }

    /// <summary>Seals bytes.</summary>
    /// <param name="place">Table, column and row: sealed bytes that are moved to another place do not open there.</param>
    /// <param name="plain">The bytes.</param>
    public byte[] Seal(string place, ReadOnlySpan<byte> plain) => SealedBox.Seal(_key, Bound(place), plain);

    /// <summary>Seals a text; an empty one stays empty.</summary>
    public string Seal(string place, string plain) =>
        plain.Length == 0 ? "" : TextMark + Convert.ToBase64String(Seal(place, Encoding.UTF8.GetBytes(plain)));

    /// <summary>Opens bytes; what was never sealed comes back as it is.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They were sealed for another place or subject, or changed.</exception>
    public byte[] Open(string place, byte[] bytes) => SealedBox.IsSealed(bytes) ? SealedBox.Open(_key, Bound(place), bytes) : bytes;

    /// <summary>Opens a text; what was never sealed comes back as it is.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was sealed for another place or subject, or changed.</exception>
    public string Open(string place, string text) =>
        text.StartsWith(TextMark, StringComparison.Ordinal) ? Encoding.UTF8.GetString(Open(place, Convert.FromBase64String(text[TextMark.Length..]))) : text;

    /// <summary>Keeps the key out of logs.</summary>
    public override string ToString() => $"{nameof(SubjectKey)} {Pseudonym}";

    private string Bound(string place) => $"{Tenant}\n{Pseudonym}\n{place}";
}
