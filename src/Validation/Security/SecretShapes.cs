using System.Buffers;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>What credentials look like.</summary>
internal static class SecretShapes
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // Most lines hold none of these, and then no expression has to run.
    private static readonly SearchValues<string> Cues = SearchValues.Create(
        ["AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "sk-", "csk-", "_live_", "xox", "hooks.slack", "AIza", "ya29.", "npm_", "pypi-", "SG.", "eyJ", "-----BEGIN", "dop_v1_", "hf_", "shpat_", "sq0", "key-", "AccountKey", "SharedAccess", "discord",
            "pass", "pwd", "secret", "token", "key", "credential", "://", "auth"], StringComparison.OrdinalIgnoreCase);

    private static readonly Regex PrivateKey = new("-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----", Linear);

    private static readonly (string Kind, Regex Shape)[] Known =
    [
        ("An AWS access key id", new(@"(?:^|[^A-Za-z0-9])(?<value>(?:AKIA|ASIA)[A-Z2-7]{16})(?:[^A-Za-z0-9]|$)", Linear)),
        ("A GitHub token", new("(?<value>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255})", Linear)),
        ("A GitLab token", new("(?<value>glpat-[A-Za-z0-9_-]{20,64})", Linear)),
        ("An API key of a model provider", new("(?:^|[^A-Za-z0-9_-])(?<value>(?:sk|csk)-[A-Za-z0-9_-]{20,255})", Linear)),
        ("A Stripe key", new("(?<value>(?:sk|rk)_live_[A-Za-z0-9]{16,128})", Linear)),
        ("A Slack token", new("(?<value>xox[abeprs]-[A-Za-z0-9-]{10,255})", Linear)),
        ("A Slack webhook", new("(?<value>hooks\\.slack\\.com/services/T[A-Za-z0-9_/]{20,100})", Linear)),
        ("A Google API key", new("(?<value>AIza[A-Za-z0-9_-]{35})", Linear)),
        ("A Google access token", new("(?<value>ya29\\.[A-Za-z0-9_-]{20,512})", Linear)),
        ("An npm token", new("(?<value>npm_[A-Za-z0-9]{36})", Linear)),
        ("A PyPI token", new("(?<value>pypi-[A-Za-z0-9_-]{32,255})", Linear)),
        ("A SendGrid key", new("(?<value>SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,64})", Linear)),
        ("A Hugging Face token", new("(?:^|[^A-Za-z0-9_])(?<value>hf_[A-Za-z0-9]{30,64})", Linear)),
        ("A DigitalOcean token", new("(?<value>dop_v1_[a-f0-9]{64})", Linear)),
        ("A Shopify token", new("(?<value>shpat_[a-fA-F0-9]{32})", Linear)),
        ("A Mailgun key", new("(?:^|[^A-Za-z0-9])(?<value>key-[0-9a-f]{32})", Linear)),
        ("A signed web token", new("(?<value>eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,2000})", Linear)),
        ("A storage account key", new("(?:AccountKey|SharedAccessKey)=(?<value>[A-Za-z0-9+/]{40,100}={0,2})", Linear)),
    ];

    private static readonly Regex UrlPassword = new("""[a-z][a-z0-9+.-]{1,20}://[^\s:/@'"<>{}$]{1,100}:(?<value>[^\s/@'"<>{}$*]{3,200})@[A-Za-z0-9]""", Linear | RegexOptions.IgnoreCase);
    private static readonly Regex ConnectionPassword = new("""(?:;|"|'|\s)(?:password|pwd)\s*=\s*(?<value>[^;"'\s{}()<>$%]{4,200})\s*(?:;|"|')""", Linear | RegexOptions.IgnoreCase);

    private const string SecretName = """(?:password|passwd|passphrase|pwd|secret|secret_?key|api_?key|api-key|access_?key|auth_?token|access_?token|refresh_?token|bearer_?token|token|client_?secret|private_?key|signing_?key|encryption_?key|account_?key|credentials?)""";
    private static readonly Regex Assigned = new($$"""(?<name>[A-Za-z0-9_.-]{0,60}{{SecretName}})["']?\]?\s*(?::\s*\w{1,20}\s*=|:=|=>|={1,3}|:|,)\s*[@$rbuf]{0,2}["'`](?<value>[^"'`\s]{4,400})["'`]""", Linear | RegexOptions.IgnoreCase);
    private static readonly Regex Bare = new($$"""^\s*(?:export\s+|-\s+)?(?<name>[A-Za-z0-9_.-]{0,60}{{SecretName}})\s*[:=]\s*(?<value>[^\s"'`$<{(]{8,400})\s*(?:#.*)?$""", Linear | RegexOptions.IgnoreCase);

    /// <summary>The credentials on a line: rule, kind in words, severity.</summary>
    /// <param name="line">One line.</param>
    /// <param name="plain">True for files in which values stand without quotes.</param>
    public static IEnumerable<(string Rule, string Kind, SecuritySeverity Severity)> In(string line, bool plain)
    {
        if (line.AsSpan().IndexOfAny(Cues) < 0)
            yield break;
        if (PrivateKey.IsMatch(line))
            yield return ("SEC501", "A private key", SecuritySeverity.High);
        foreach (var (kind, shape) in Known)
        {
            if (shape.Match(line) is { Success: true } match && match.Groups["value"].Value is var value && value.Any(char.IsAsciiDigit) && !Placeholder.Is(value))
                yield return ("SEC502", kind, SecuritySeverity.High);
        }
        if (UrlPassword.Match(line) is { Success: true } url && !Placeholder.Is(url.Groups["value"].Value))
            yield return ("SEC504", "A password in an address", Weight(url));
        else if (ConnectionPassword.Match(line) is { Success: true } connection && line.Contains('=') && line.Contains(';') && !Placeholder.Is(connection.Groups["value"].Value))
            yield return ("SEC505", "A password in a connection string", Weight(connection));
        else if ((Assigned.Match(line) is { Success: true } a ? a : plain && Bare.Match(line) is { Success: true } b ? b : null) is { } given && IsCredential(given))
            yield return ("SEC503", "A credential", Weight(given));
    }

    private static SecuritySeverity Weight(Match match) => Randomness.Looks(match.Groups["value"].ValueSpan) ? SecuritySeverity.High : SecuritySeverity.Medium;

    /// <summary>A password may be a word; a key or token is random, or else it is the name of one.</summary>
    private static bool IsCredential(Match match)
    {
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        if (Placeholder.Is(value) || value.Contains('(') || value.Contains("://", StringComparison.Ordinal) || value.Equals(name, StringComparison.OrdinalIgnoreCase))
            return false;
        var password = name.EndsWith("password", StringComparison.OrdinalIgnoreCase) || name.EndsWith("passwd", StringComparison.OrdinalIgnoreCase) || name.EndsWith("pwd", StringComparison.OrdinalIgnoreCase);
        return Randomness.Looks(value) || (password && value.Length >= 6 && value.Any(char.IsAsciiLetter) && value.Any(c => !char.IsAsciiLetter(c)) && !value.Any(c => c is '.' or '[' or '_' or '/'));
    }
}
