using System.Text;

namespace Platform.Inference;

/// <summary>What of a workspace an engine may see.</summary>
internal static class WorkspaceRules
{
    /// <summary>Most bytes of one file; larger ones are no source.</summary>
    public const int MaxFileBytes = 1024 * 1024;

    /// <summary>Most files.</summary>
    public const int MaxFiles = 20_000;

    private static readonly HashSet<string> HiddenFolders = new(StringComparer.OrdinalIgnoreCase)
    {
        ".git", ".platform", ".ssh", ".aws", ".azure", ".gnupg", ".kube", ".docker", ".vs", ".idea", "node_modules", "bin", "obj", "__pycache__", ".venv", "venv",
    };

    private static readonly HashSet<string> HiddenNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".npmrc", ".pypirc", ".pgpass", "secrets.json", "credentials", "credentials.json", "secrets.yaml", "secrets.yml",
        "service-account.json", "kubeconfig", ".htpasswd",
    };

    private static readonly HashSet<string> HiddenExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".pem", ".key", ".pfx", ".p12", ".jks", ".keystore", ".kdbx", ".asc", ".ppk", ".der", ".tfstate", ".tfvars",
    };

    /// <summary>Whether a path stays inside, and is none of those that hold secrets or are no source.</summary>
    public static bool MayShow(string path)
    {
        var segments = path.Split('/');
        if (path.Length is 0 or > 400 || path.Any(char.IsControl) || path.Contains(':') || segments.Any(segment => segment.Length == 0 || segment is "." or ".."))
            return false;
        var name = segments[^1];
        return !segments.SkipLast(1).Any(HiddenFolders.Contains)
            && !HiddenNames.Contains(name)
            && !HiddenExtensions.Contains(Path.GetExtension(name))
            && !(name.Equals(".env", StringComparison.OrdinalIgnoreCase) || (name.StartsWith(".env.", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("example", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Bytes as text; null when they are none.</summary>
    public static string? ToText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[Encoding.UTF8.Preamble.Length..];
        return bytes.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(bytes) ? null : Encoding.UTF8.GetString(bytes);
    }
}
