using System.Security.Cryptography;
using System.Text;

namespace Platform.Privacy;

/// <summary>What the holder of a key may do.</summary>
public static class Roles
{
    /// <summary>Everything, for all tenants: switches, keys, the audit log.</summary>
    public const string Admin = "admin";

    /// <summary>What a user may, and people's requests about their data within the key's tenant.</summary>
    public const string Privacy = "privacy";

    /// <summary>Jobs, content, memory and figures of the key's tenant.</summary>
    public const string User = "user";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Admin, Privacy, User];
}

/// <summary>A key as the store holds it. The key itself is nowhere: only its SHA-256, which is enough since it is 256 random bits.</summary>
public sealed class ApiKey
{
    internal const string Columns = "id as Id, tenant as Tenant, name as Name, role as Role, hash as Hash, created_ms as CreatedMs, created_by as CreatedBy, "
        + "expires_ms as ExpiresMs, revoked_ms as RevokedMs, revoked_by as RevokedBy";

    private const string Prefix = "platform_";
    private const int IdDigits = 16;
    private const int SecretBytes = 32;

    /// <summary>Id; the middle part of the key.</summary>
    public string Id { get; set; } = "";

    /// <summary>Tenant that its holder acts for.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>What people call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; set; } = "";

    /// <summary>SHA-256 of the whole key, 64 hex digits.</summary>
    public string Hash { get; set; } = "";

    /// <summary>Made, in milliseconds since 1970 UTC.</summary>
    public long CreatedMs { get; set; }

    /// <summary>Id of the key that made it.</summary>
    public string CreatedBy { get; set; } = "";

    /// <summary>Valid until, in milliseconds since 1970 UTC; 0 for ever.</summary>
    public long ExpiresMs { get; set; }

    /// <summary>Revoked, in milliseconds since 1970 UTC; 0 while it is not.</summary>
    public long RevokedMs { get; set; }

    /// <summary>Id of the key that revoked it.</summary>
    public string RevokedBy { get; set; } = "";

    /// <summary>Whether it opens doors at an instant.</summary>
    public bool IsValid(DateTimeOffset now) => RevokedMs == 0 && (ExpiresMs == 0 || now.ToUnixTimeMilliseconds() < ExpiresMs);

    /// <summary>"active", "expired" or "revoked".</summary>
    public string StateAt(DateTimeOffset now) => RevokedMs > 0 ? "revoked" : IsValid(now) ? "active" : "expired";

    /// <summary>A new id and the key that carries it.</summary>
    internal static (string Id, string Key) Make()
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdDigits / 2));
        return (id, $"{Prefix}{id}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <summary>The id in a key that came from outside; null when it cannot be a key of the platform.</summary>
    internal static string? IdOf(string key) =>
        key.Length == Prefix.Length + IdDigits + 1 + (SecretBytes * 2) && key.StartsWith(Prefix, StringComparison.Ordinal) && key[Prefix.Length + IdDigits] == '_'
        && key.AsSpan(Prefix.Length, IdDigits).IndexOfAnyExcept("0123456789abcdef") < 0
            ? key.Substring(Prefix.Length, IdDigits)
            : null;

    /// <summary>SHA-256 of a key, 64 hex digits.</summary>
    internal static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
