using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>Recognises credentials, so that the write gate keeps them out of the memory.</summary>
internal static partial class SecretScan
{
    /// <summary>What kind of secret a text holds; null when none was found.</summary>
    public static string? Find(string text) =>
        PrivateKey().IsMatch(text) ? "private key"
        : CloudKey().IsMatch(text) ? "access key"
        : Assigned().Match(text) is { Success: true } match && LooksRandom(match.Groups["value"].ValueSpan) ? "literal credential"
        : null;

    /// <summary>A placeholder such as "changeme" or "your-key-here" is no secret; a long mix of letters and digits is.</summary>
    private static bool LooksRandom(ReadOnlySpan<char> value)
    {
        var digits = 0;
        var letters = 0;
        foreach (var c in value)
        {
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        }

        return value.Length >= 16 && digits >= 3 && letters >= 3;
    }

    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----", RegexOptions.None, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"\b(AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{50,}|sk-[A-Za-z0-9_-]{32,}|xox[abp]-[A-Za-z0-9-]{20,}|AIza[0-9A-Za-z_-]{35})\b", RegexOptions.None, 1000)]
    private static partial Regex CloudKey();

    [GeneratedRegex("""(?i)(password|passwd|secret|api_?key|access_?key|auth_?token|connection_?string)\w*["']?\s*[:=]\s*["'](?<value>[^"'\s]{16,200})["']""", RegexOptions.None, 1000)]
    private static partial Regex Assigned();
}
