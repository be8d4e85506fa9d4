using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;

namespace Platform.Inference;

/// <summary>
/// Takes secrets out of what goes to an engine. It stands before every upstream call, whatever the text came from; known
/// shapes of keys are removed wherever they stand, and values only where a name says that they are secret.
/// </summary>
internal static partial class SecretScan
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Removed = "[secret removed]";

    // Most texts hold none of these words, and then no expression has to run.
    private static readonly SearchValues<string> Cues = SearchValues.Create(
        ["AKIA", "ASIA", "ghp_", "gho_", "ghs_", "ghu_", "github_pat_", "glpat-", "sk-", "csk-", "sk_live", "rk_live", "xox", "AIza", "ya29.", "npm_", "pypi-", "SG.", "eyJ", "-----BEGIN",
            "password", "passwd", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accountkey", "account_key", "access_key", "credential", "://"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "password", "secret", "changeme", "example", "placeholder", "your-api-key", "your_api_key", "<password>", "null", "none", "true", "false", "string",
    };

    /// <summary>A text without its secrets.</summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAny(Cues) < 0)
            return text;
        text = KnownShape().Replace(text, Removed);
        text = PrivateKey().Replace(text, Removed);
        text = UrlPassword().Replace(text, match => $"{match.Groups["before"].Value}{Removed}@");
        return Assignment().Replace(text, match => IsSecret(match.Groups["value"].Value) ? match.Groups["name"].Value + match.Groups["quote"].Value + Removed + match.Groups["quote"].Value : match.Value);
    }

    /// <summary>Messages without their secrets; those that hold none stay the same objects.</summary>
    public static IReadOnlyList<ChatMessage> Clean(IReadOnlyList<ChatMessage> messages) => [.. messages.Select(Clean)];

    private static ChatMessage Clean(ChatMessage message)
    {
        AIContent[] contents = [.. message.Contents.Select(Clean)];
        return contents.SequenceEqual(message.Contents) ? message : new ChatMessage(message.Role, contents);
    }

    private static AIContent Clean(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                var clean = Clean(text.Text);
                return ReferenceEquals(clean, text.Text) || clean == text.Text ? content : new TextContent(clean);
            case FunctionResultContent { Result: string result } call:
                var cleanResult = Clean(result);
                return cleanResult == result ? content : new FunctionResultContent(call.CallId, cleanResult);
            default:
                return content;
        }
    }

    // Code is full of "password = password" and "token: CancellationToken": only what looks drawn by chance, or long, is a secret.
    private static bool IsSecret(string value) =>
        value.Length >= 8 && !Harmless.Contains(value) && !value.Contains('(', StringComparison.Ordinal) && !value.StartsWith('$') && !value.StartsWith('{')
        && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter);

    [GeneratedRegex("""(?<![A-Za-z0-9_-])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[posu]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_-]{18,64}|(?:sk|csk)-[A-Za-z0-9_-]{20,255}|[sr]k_live_[A-Za-z0-9]{16,128}|xox[abprs]-[A-Za-z0-9-]{10,255}|AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,512}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{32,255}|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000})(?![A-Za-z0-9])""", RegexOptions.CultureInvariant)]
    private static partial Regex KnownShape();

    [GeneratedRegex("""-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?-----END [A-Z ]{0,30}PRIVATE KEY-----""", RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();

    [GeneratedRegex("""(?<before>\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'"]{1,100}:)[^\s/@'"]{3,200}@""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex UrlPassword();

    [GeneratedRegex("""(?<name>(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|credentials?)["']?\s{0,4}(?::=|=>|[:=])\s{0,4})(?<quote>["']?)(?<value>[^\s"';,<>]{8,400})\k<quote>""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();
}
