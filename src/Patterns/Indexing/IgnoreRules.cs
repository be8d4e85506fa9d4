using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>
/// The rules of .gitignore and .platformignore files, as git reads them: later lines win, <c>!</c> takes back, a slash at the end means
/// folders, a slash elsewhere ties the rule to its folder.
/// </summary>
internal sealed class IgnoreRules
{
    private const int MaxLines = 10_000;
    private const int MaxLineLength = 1_000;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(200);
    private readonly IgnoreRules? _outer;
    private readonly List<Rule> _rules = [];
    private readonly string _folder;

    /// <param name="outer">Rules of the folder above; null at the root.</param>
    /// <param name="folder">Path of this folder from the root, with a slash at its end unless it is the root.</param>
    /// <param name="lines">Lines of the files, .gitignore first.</param>
    public IgnoreRules(IgnoreRules? outer, string folder, IEnumerable<string> lines)
    {
        _outer = outer;
        _folder = folder;
        foreach (var line in lines.Take(MaxLines))
        {
            if (Parse(line) is { } rule)
                _rules.Add(rule);
        }
    }

    /// <summary>Whether a path (from the root, forward slashes) is to be passed over.</summary>
    public bool Ignores(string path, bool isFolder) => Decide(path, isFolder) ?? false;

    private bool? Decide(string path, bool isFolder)
    {
        var local = path[_folder.Length..];
        for (var i = _rules.Count - 1; i >= 0; i--)
        {
            var rule = _rules[i];
            if ((isFolder || !rule.FoldersOnly) && rule.Matches(local))
                return !rule.TakesBack;
        }

        return _outer?.Decide(path, isFolder);
    }

    private static Rule? Parse(string line)
    {
        var text = line.TrimEnd('\r', ' ', '\t');
        if (text.Length is 0 or > MaxLineLength || text[0] == '#')
            return null;
        var takesBack = text[0] == '!';
        text = takesBack ? text[1..] : text;
        var foldersOnly = text.EndsWith('/');
        text = text.TrimEnd('/');
        if (text.Length == 0)
            return null;
        var anchored = text.Contains('/');
        return GlobPattern.Of(text.TrimStart('/'), anchored) is { } pattern ? new Rule(new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchTimeout), takesBack, foldersOnly) : null;
    }

    private sealed record Rule(Regex Pattern, bool TakesBack, bool FoldersOnly)
    {
        public bool Matches(string path)
        {
            try
            {
                return Pattern.IsMatch(path);
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }
    }
}
