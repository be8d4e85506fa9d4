using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Host;

/// <summary>Who may call, section <c>Access</c>. Keys are known here only by their SHA-256, in hex.</summary>
public sealed class AccessOptions
{
    /// <summary>SHA-256 of the administrator's key, 64 hex digits. Required as soon as a door listens beyond loopback; empty leaves loopback open.</summary>
    public string AdminKeyHash { get; set; } = "";

    /// <summary>Secret that the processes of one system share. Required when <c>Peers</c> are set; otherwise made anew at each start.</summary>
    public string ServiceKey { get; set; } = "";

    /// <summary>SHA-256 of that secret, 64 hex digits: lets a process know its peers without being able to pass for one (the runner).</summary>
    public string ServiceKeyHash { get; set; } = "";

    /// <summary>SHA-256 of a key that may read <c>/metrics</c> and nothing else, 64 hex digits; empty leaves that to the administrator.</summary>
    public string ScrapeKeyHash { get; set; } = "";

    /// <summary>Further keys by id.</summary>
    public Dictionary<string, KeyEntry> Keys { get; set; } = [];

    /// <summary>Wrong keys that may come from one address within a minute before it has to wait. Default 20.</summary>
    [Range(1, 100_000)]
    public int WrongKeysPerMinute { get; set; } = 20;

    /// <summary>SHA-256 of a key, as these settings hold it.</summary>
    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>A key of a tenant.</summary>
    public sealed class KeyEntry
    {
        /// <summary>SHA-256 of the key, 64 hex digits.</summary>
        public string Hash { get; set; } = "";

        /// <summary>Tenant the key belongs to.</summary>
        public string Tenant { get; set; } = "";

        /// <summary>May change switches for all tenants.</summary>
        public bool Admin { get; set; }
    }
}
