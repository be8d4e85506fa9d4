namespace Platform.Validation;

/// <summary>What a piece of JavaScript or TypeScript is.</summary>
internal enum ScriptKind
{
    /// <summary>An identifier or keyword.</summary>
    Word,

    /// <summary>A text without holes; the token's text is its content.</summary>
    Text,

    /// <summary>The part of a template before a hole; the hole follows between <c>${</c> and <c>}$</c>, and then the rest.</summary>
    Template,

    /// <summary>A number or a regular expression.</summary>
    Literal,

    /// <summary>An operator or bracket.</summary>
    Mark,
}

/// <summary>One piece with its line from 1.</summary>
internal readonly record struct ScriptToken(ScriptKind Kind, string Text, int Line)
{
    public bool Is(string mark) => Kind is ScriptKind.Mark or ScriptKind.Word && Text == mark;
}

/// <summary>Cuts JavaScript and TypeScript into pieces in one pass, without comments. It never fails: what it cannot read becomes marks.</summary>
internal sealed class ScriptTokens
{
    private static readonly string[] Marks = ["=>", "===", "!==", "==", "!=", "+=", "??=", "||=", "&&=", "<=", ">=", "&&", "||", "??", "?.", "..."];
    private static readonly HashSet<string> BeforePattern = ["return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield"];

    private readonly string code;
    private readonly List<ScriptToken> found = [];
    private int at;
    private readonly Stack<int> holes = [];
    private int line = 1;

    private ScriptTokens(string code) => this.code = code;

    /// <summary>All pieces in order.</summary>
    public static List<ScriptToken> Of(string code)
    {
        var reader = new ScriptTokens(code);
        while (reader.at < code.Length)
            reader.Next();
        return reader.found;
    }

    private void Next()
    {
        var c = code[at];
        if (c == '\n')
            line++;
        if (char.IsWhiteSpace(c))
            at++;
        else if (EndsHole(c))
            ResumeTemplate();
        else if (c == '/' && Peek(1) == '/')
            at = End("\n", at);
        else if (c == '/' && Peek(1) == '*')
            SkipComment();
        else if (c is '"' or '\'')
            Text(c);
        else if (c == '`')
            Template();
        else if (char.IsLetter(c) || c is '_' or '$' or '#')
            Word();
        else if (char.IsAsciiDigit(c))
            Add(ScriptKind.Literal, Run(static x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_'));
        else if (c == '/' && PatternMayStart())
            Pattern();
        else
            Mark();
    }

    private char Peek(int ahead) => at + ahead < code.Length ? code[at + ahead] : '\0';

    private void Add(ScriptKind kind, string text) => found.Add(new ScriptToken(kind, text, line));

    private int End(string mark, int from) => code.IndexOf(mark, from, StringComparison.Ordinal) is >= 0 and var end ? end : code.Length;

    private string Run(Func<char, bool> belongs)
    {
        var start = at;
        while (at < code.Length && belongs(code[at]))
            at++;
        return code[start..at];
    }

    private void Word()
    {
        at++;
        var rest = Run(static x => char.IsLetterOrDigit(x) || x is '_' or '$');
        Add(ScriptKind.Word, code[at - rest.Length - 1] + rest);
    }

    private void SkipComment()
    {
        var end = Math.Min(code.Length, End("*/", at + 2) + 2);
        line += code.AsSpan(at, end - at).Count('\n');
        at = end;
    }

    /// <summary>A text ends at its quote, or at the end of the line when the quote is missing (an apostrophe in markup).</summary>
    private void Text(char quote)
    {
        var start = ++at;
        while (at < code.Length && code[at] != quote && code[at] != '\n')
            at += code[at] == '\\' && Peek(1) != '\n' ? 2 : 1;
        at = Math.Min(at, code.Length);
        Add(ScriptKind.Text, code[start..at]);
        if (at < code.Length && code[at] == quote)
            at++;
    }

    /// <summary>From the opening quote, or from the end of a hole, to the next hole or the closing quote.</summary>
    private void Template()
    {
        var (start, begin) = (++at, line);
        while (at < code.Length && code[at] != '`' && !(code[at] == '$' && Peek(1) == '{'))
        {
            at += code[at] == '\\' && Peek(1) != '\n' ? 2 : 1;
            line += at <= code.Length && code[at - 1] == '\n' ? 1 : 0;
        }
        at = Math.Min(at, code.Length);
        var hole = at < code.Length && code[at] == '$';
        found.Add(new ScriptToken(hole ? ScriptKind.Template : ScriptKind.Text, code[start..at], begin));
        if (hole)
        {
            Add(ScriptKind.Mark, "${");
            holes.Push(0);
        }
        at += hole ? 2 : 1;
    }

    private void ResumeTemplate()
    {
        Add(ScriptKind.Mark, "}$");
        Template();
    }

    /// <summary>Counts the braces inside a hole; true when this one ends it, and the template goes on.</summary>
    private bool EndsHole(char c)
    {
        if (holes.Count == 0 || c is not ('{' or '}'))
            return false;
        var depth = holes.Pop() + (c == '{' ? 1 : -1);
        if (depth < 0)
            return true;
        holes.Push(depth);
        return false;
    }

    private bool PatternMayStart()
    {
        if (found.Count == 0)
            return true;
        var last = found[^1];
        return last.Kind == ScriptKind.Mark ? last.Text is not (")" or "]" or "}") : last.Kind == ScriptKind.Word && BeforePattern.Contains(last.Text);
    }

    private void Pattern()
    {
        var (start, inClass) = (at++, false);
        while (at < code.Length && code[at] != '\n' && (inClass || code[at] != '/'))
        {
            inClass = code[at] == '[' || (inClass && code[at] != ']');
            at += code[at] == '\\' ? 2 : 1;
        }
        at = Math.Min(at + 1, code.Length);
        Run(char.IsAsciiLetter);
        Add(ScriptKind.Literal, code[start..Math.Min(at, code.Length)]);
    }

    private void Mark()
    {
        var mark = Marks.FirstOrDefault(m => string.CompareOrdinal(code, at, m, 0, m.Length) == 0) ?? code[at].ToString();
        at += mark.Length;
        Add(ScriptKind.Mark, mark);
    }
}
