using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>
/// SQL has no one grammar: quotes, comments and brackets that are open however a dialect reads them are errors; what is open in standard SQL alone is a warning. Where <c>sqlfluff</c> is installed it parses the text as ANSI SQL: what it
/// understands is right, and what it does not is a warning, for another dialect may allow it.
/// </summary>
internal sealed partial class SqlChecker(ValidationOptions options, string tool = "sqlfluff") : ISyntaxChecker
{
    // The templates of its own language run code, and its settings name modules to import: the text is read as it stands, and no settings are.
    private static readonly string[] Arguments = ["parse", "--dialect", "ansi", "--templater", "raw", "--library-path", "none", "--ignore-local-config", "-"];

    // MySQL and BigQuery; PostgreSQL's E texts; MySQL that takes backslashes as they are; T-SQL and SQLite.
    private static readonly Reading[] Dialects = [Reading.Backslash | Reading.Hash, Reading.Backslash, Reading.Hash, Reading.Brackets];

    private const string Balanced = "quotes, comments and brackets are balanced";

    public bool JudgesAlone => true;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var verdicts = new List<Verdict>();
        foreach (var file in files)
            verdicts.Add(Problem(file.Text, Reading.Standard) is { } found ? Judge(file.Text, found) : await ParseAsync(file.Text, token));
        return verdicts;
    }

    private static Verdict Judge(string text, CodeDiagnostic found) => Dialects.All(d => Problem(text, d) is not null)
        ? Verdict.Of([found])
        : new Verdict(SyntaxState.Unchecked, $"its dialect is not known, and in one {Balanced}", [found with { Severity = Severity.Warning, Message = found.Message + " Some dialects read it otherwise." }]);

    private async Task<Verdict> ParseAsync(string text, CancellationToken token)
    {
        if (Tool.Find(tool) is not { } program)
            return Verdict.Unchecked($"sqlfluff is not installed; {Balanced}");
        using var folder = new InputFolder(Path.GetTempPath(), new Dictionary<string, byte[]>());
        var result = await ChildProcess.RunAsync(new ChildCommand(program, Arguments) { Input = text, Folder = folder.Path, Environment = CommandChecker.Environment(program) }, CommandChecker.Limits(options), token);
        var found = Violation().Matches(result.Output).Select(m => new CodeDiagnostic(m.Groups["code"].Value, int.Parse(m.Groups["line"].Value, Invariant), int.Parse(m.Groups["column"].Value, Invariant), m.Groups["message"].Value.Trim(), Severity.Warning)).ToList();
        return result.ExitCode == 0 && found.Count == 0 && !result.TimedOut && !result.TooMuchOutput ? Verdict.Ok
            : found.Count > 0 ? new Verdict(SyntaxState.Unchecked, $"sqlfluff does not parse it as ANSI SQL, and its dialect is not known; {Balanced}", found)
            : Verdict.Unchecked($"sqlfluff {CommandChecker.Failure(result)}; {Balanced}");
    }

    private static CodeDiagnostic? Problem(string text, Reading reading)
    {
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var end = SkipAt(text, i, reading);
            if (end < 0)
                return At(text, i, text[i] == '/' ? "The comment is not closed." : $"The quote {text[i]} is not closed.");
            if (text[i] == '(')
                open.Push(i);
            else if (text[i] == ')' && !open.TryPop(out _))
                return At(text, i, "The bracket ) has no opening one.");
            i = end;
        }
        return open.TryPop(out var left) ? At(text, left, "The bracket ( is not closed.") : null;
    }

    // Index of the last character of the quote or comment that starts here, the index itself when none does, -1 when it never ends.
    private static int SkipAt(string text, int at, Reading reading)
    {
        var c = text[at];
        if (c is '\'' or '"' or '`')
            return EndOfQuote(text, at, reading.HasFlag(Reading.Backslash) && c != '`');
        if (c == '[' && reading.HasFlag(Reading.Brackets))
            return text.IndexOf(']', at + 1);
        if (string.CompareOrdinal(text, at, "--", 0, 2) == 0 || (c == '#' && reading.HasFlag(Reading.Hash)))
            return text.IndexOf('\n', at) is > 0 and var newline ? newline : text.Length - 1;
        if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            return text.IndexOf("*/", at + 2, StringComparison.Ordinal) is > 0 and var close ? close + 1 : -1;
        if (c == '$' && text.IndexOf('$', at + 1) is > 0 and var second && text[(at + 1)..second].All(x => char.IsAsciiLetterOrDigit(x) || x == '_') && !char.IsAsciiDigit(text[Math.Min(at + 1, text.Length - 1)]))
            return text.IndexOf(text[at..(second + 1)], second + 1, StringComparison.Ordinal) is > 0 and var last ? last + second - at : -1;
        return at;
    }

    private static int EndOfQuote(string text, int at, bool escapes)
    {
        for (var i = at + 1; i < text.Length; i++)
        {
            if (escapes && text[i] == '\\')
                i++;
            else if (text[i] == text[at])
                return i;
        }
        return -1;
    }

    private static CodeDiagnostic At(string text, int index, string message)
    {
        var before = text.AsSpan(0, index);
        return new CodeDiagnostic("SqlError", before.Count('\n') + 1, index - before.LastIndexOf('\n'), message, Severity.Error);
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    [GeneratedRegex("""^L:\s*(?<line>\d{1,9}) \| P:\s*(?<column>\d{1,9}) \|\s*(?<code>PRS|LXR|TMP) \| (?<message>.+)$""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Violation();

    /// <summary>What a dialect has beside standard SQL.</summary>
    [Flags]
    private enum Reading
    {
        Standard = 0,
        Backslash = 1,
        Hash = 2,
        Brackets = 4,
    }
}
