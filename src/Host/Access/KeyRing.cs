using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Host;

/// <summary>The keys that may come in. They are known by their hashes only, and compared in constant time.</summary>
internal sealed class KeyRing(IOptions<AccessOptions> options)
{
    // Peers of this process show its own key, others may be known by the hash of theirs only.
    private readonly string _ownServiceHash = options.Value.ServiceKey.Length == 0 ? "" : AccessOptions.HashOf(options.Value.ServiceKey);

    /// <summary>True when no key is configured: loopback is open then.</summary>
    public bool IsEmpty => options.Value.AdminKeyHash.Length == 0 && options.Value.Keys.Count == 0;

    /// <summary>Whether this is the credential that the processes of this system share.</summary>
    public bool IsService(string credential)
    {
        var hash = AccessOptions.HashOf(credential);
        return Same(hash, _ownServiceHash) || Same(hash, options.Value.ServiceKeyHash);
    }

    /// <summary>Whether a key with this hash may read the figures of the whole process, and nothing else.</summary>
    public bool MayScrape(string hash) => Same(hash, options.Value.ScrapeKeyHash);

    /// <summary>Whose key has this hash; null when nobody's.</summary>
    public Caller? Find(string hash)
    {
        if (Same(hash, options.Value.AdminKeyHash))
            return new Caller(Caller.DefaultTenant, IsAdmin: true, IsService: false, "admin");
        foreach (var (id, entry) in options.Value.Keys)
        {
            if (Same(hash, entry.Hash))
                return new Caller(entry.Tenant, entry.Admin, IsService: false, id);
        }

        return null;
    }

    private static bool Same(string hash, string expected) =>
        expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.UTF8.GetBytes(expected.ToLowerInvariant()));
}
