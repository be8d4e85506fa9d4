using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Finds the path an engine meant for a block: in the fence, in a first comment line, or in the line before the fence.</summary>
internal static partial class PathHint
{
    private static readonly string[] Script = ["javascript", "typescript"];

    /// <summary>The path that a block names, unchecked; null when nothing names one. A path comment stays in the text: it is harmless.</summary>
    public static string? Of(Fence fence)
    {
        if (FromInfo(fence.Info) is { } inFence)
            return inFence;
        var first = fence.Text.Split('\n', 2)[0].Trim();
        var comment = CommentPath().Match(first);
        if (comment.Success && LooksLikePath(comment.Groups["path"].Value))
            return comment.Groups["path"].Value;
        var heading = HeadingPath().Match(fence.LineBefore);
        return heading.Success && LooksLikePath(heading.Groups["path"].Value) && Fits(heading.Groups["path"].Value, fence) ? heading.Groups["path"].Value : null;
    }

    // A heading such as Node.js before a shell block is a name, not a path: a bare word counts only where the fence does not say another language.
    private static bool Fits(string path, Fence fence) =>
        path.Contains('/') || LanguageOf(fence.Info) is not { } language || Languages.FromPath(path) is var named && (named == language || named == "text" || language == "text" || (Script.Contains(named) && Script.Contains(language)));

    /// <summary>The language word of an info string: what stands before a space, a colon or a brace.</summary>
    public static string? LanguageOf(string info)
    {
        var word = info.TrimStart('{', '.').Split(' ', ':', '{', ',', '\t', '}')[0];
        return Languages.FromFence(word) ?? (LooksLikePath(word) && Languages.FromPath(word) is not "text" and var l ? l : null);
    }

    /// <summary>A safe relative path with forward slashes, or null when it is absolute, climbs out or holds odd characters.</summary>
    public static string? Safe(string path)
    {
        path = path.Trim().Replace('\\', '/');
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        var parts = path.Split('/');
        var bad = path.Length is 0 or > 240 || path[0] == '-' || path.Any(c => char.IsControl(c) || c is ':' or '*' or '?' or '"' or '<' or '>' or '|')
            || parts.Any(p => p.Length == 0 || p is "." or ".." || p.EndsWith(' ') || p.EndsWith('.'));
        return bad ? null : path;
    }

    private static string? FromInfo(string info)
    {
        var named = NamedPath().Match(info);
        if (named.Success)
            return named.Groups["path"].Value;
        var colon = info.IndexOf(':');
        if (colon > 0 && LooksLikePath(info[(colon + 1)..].Trim()))
            return info[(colon + 1)..].Trim();
        return info.Split(' ').LastOrDefault(LooksLikePath);
    }

    private static bool LooksLikePath(string text) => PathShape().IsMatch(text);

    [GeneratedRegex("""^[\w@./\\ -]*[\w@-]\.[A-Za-z][A-Za-z0-9]{0,9}$""")]
    private static partial Regex PathShape();

    [GeneratedRegex("""(?:path|file|filename|title|name)\s*=\s*["']?(?<path>[^"'\s}]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex NamedPath();

    [GeneratedRegex("""^(?://|\#|--|/\*|<!--|;)\s*(?:(?:file|filename|path)\s*:\s*)?(?<path>[\w@./\\-]+\.[A-Za-z][A-Za-z0-9]{0,9})\s*(?:\*/|-->)?$""", RegexOptions.IgnoreCase)]
    private static partial Regex CommentPath();

    [GeneratedRegex("""^(?:[#*>\-\d.\s]*)(?:file|filename|path)?\s*:?\s*[*_`"]*(?<path>[\w@./\\-]+\.[A-Za-z][A-Za-z0-9]{0,9})[*_`"]*\s*:?[*_]*$""", RegexOptions.IgnoreCase)]
    private static partial Regex HeadingPath();
}
