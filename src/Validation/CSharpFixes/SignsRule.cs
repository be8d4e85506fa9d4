using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>
/// Signs and words that stand for others throughout a line, a list or a file: typographic minus, <c>$name</c>, a keyword as a name, <c>List[int]</c>, <c>i+</c> for <c>i++</c>,
/// entries with <c>=></c> or <c>;</c>. All of a kind are mended at once, outside of literals and comments: one by one each leaves the parser as lost as before.
/// </summary>
internal sealed partial class SignsRule : ICSharpRule
{
    private const int MaxLength = 400;
    private const string Why = "These signs mean something else in C#, or nothing; the same thing is written like this.";

    private static readonly Dictionary<char, string> Typographic = new()
    {
        ['–'] = "-",
        ['—'] = "-",
        ['−'] = "-",
        ['≤'] = "<=",
        ['≥'] = ">=",
        ['≠'] = "!=",
        ['×'] = "*",
        ['÷'] = "/",
        ['→'] = "=>",
        ['⇒'] = "=>",
        ['…'] = "",
        ['；'] = ";",
        ['，'] = ",",
        ['（'] = "(",
        ['）'] = ")",
        ['：'] = ":",
        ['‘'] = "'",
        ['’'] = "'",
        ['·'] = "*",
        ['∧'] = "&&",
        ['∨'] = "||",
        ['¬'] = "!",
    };

    private static readonly (Regex Find, string With, string What, double Cost)[] OfLines =
    [
        (HalfIncrement(), "$1++", "++", 1.1), (HalfDecrement(), "$1--", "--", 1.1), (SquareArguments(), "$1<$2>", "type arguments between < >", 1), (RoundArguments(), "$1<$2>", "type arguments between < >", 1.2),
        (CalledAccessor(), "$1", "accessors without ( )", 0.9), (NewLost(), "new ", "insert missing new", 1.2), (ForEach(), "foreach (", "foreach", 0.9), (ReturnInArm(), "", "no return behind =>", 0.9), (TwoSigns(), "$1", "one sign less", 1.1), (Scope(), ".", ":: -> .", 1.2), (Arrow(), ".", "-> -> .", 1.2),
    ];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) =>
        fault.IsSyntax ? new ParseTrial(fault).Try(Characters(fault).Concat(Names(fault)).Concat(Lists(fault)).Concat(Tuples(fault)).Concat(Lines(fault)), token).Candidates(Why) : [];

    private static IEnumerable<TokenEdit> Characters(CSharpFault fault)
    {
        var text = fault.Text.ToString();
        if (text.Any(Typographic.ContainsKey))
            yield return Whole(fault, string.Concat(text.Select((c, i) => Typographic.TryGetValue(c, out var plain) && !IsOpaque(fault, i) ? plain : c.ToString())), "typographic signs -> plain ones", 0.6);
        if (text.Contains('$'))
            yield return Whole(fault, Dollar().Replace(text, m => IsOpaque(fault, m.Index) ? m.Value : ""), "remove $ before names", 0.8);
    }

    // A reserved word as the name of a variable: @ makes it one.
    private static IEnumerable<TokenEdit> Names(CSharpFault fault)
    {
        var line = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length));
        var text = fault.Text.ToString();
        foreach (var word in Word().Matches(line.ToString()).Select(m => m.Value).Where(w => SyntaxFacts.IsReservedKeyword(SyntaxFacts.GetKeywordKind(w)) && w is not "return" and not "new" and not "this" and not "public" and not "static").Distinct().Take(6))
        {
            // Followed by what follows a value; where the word is a type, not where its own members or a cast are meant.
            var uses = new Regex($@"(?<![\w@.<]|typeof\(){word}(?!\s*\)\s*[\w(])(?!\.(?:Join|IsNull\w+|Empty|Format|Concat|Compare\w*|Is[A-Z]\w*|Parse|TryParse|MaxValue|MinValue)\b)(?=\s*(?:[.;,)\]+\-*/%=&|!?]|<(?![\w<>, ]+>)|>(?!\()|in\b|\[))", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            var changed = uses.Replace(text, m => IsOpaque(fault, m.Index) ? m.Value : "@" + m.Value);
            if (changed != text)
                yield return Whole(fault, changed, $"{word} -> @{word}", 1.2);
            var plain = new Regex($@"(?<![\w@.<]|typeof\(){word}(?=\s*(?:[.;,)=+\-*/]|in\b))", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)).Replace(text, m => IsOpaque(fault, m.Index) ? m.Value : "@" + m.Value);
            if (plain != text && plain != changed)
                yield return Whole(fault, plain, $"{word} -> @{word}", 1.4);
        }
    }

    // The entries between two braces or brackets: separated by the wrong sign, or key and value joined by one of another language.
    private static IEnumerable<TokenEdit> Lists(CSharpFault fault)
    {
        var text = fault.Text.ToString();
        foreach (Match list in Braces().Matches(text).Where(m => fault.Span.Start >= m.Index - 200 && fault.Span.Start <= m.Index + m.Length + 200))
        {
            var body = list.Groups["body"];
            var parts = Split(body.Value);
            if (parts.Count > 1 && parts.Exists(p => p.Separator == ';'))
                yield return new TokenEdit(new TextChange(new TextSpan(body.Index, body.Length), string.Concat(parts.Select(p => p.Separator == ';' && p != parts[^1] ? p.Text + "," : p.Separator == ';' ? p.Text : p.Text + p.Separator)).Replace("\0", "", StringComparison.Ordinal)), "; -> , between the entries", 0.9);
            var entries = parts.Select(p => Entry().Match(p.Text)).ToList();
            if (entries.Exists(e => e.Success) && parts.Zip(entries).All(p => p.Second.Success || p.First.Text.Trim().Length == 0))
            {
                yield return new TokenEdit(new TextChange(new TextSpan(body.Index, body.Length), string.Concat(parts.Zip(entries).Select(p => (p.Second.Success ? p.Second.Result("${blank}{ ${key}, ${value} }${end}") : p.First.Text) + (p.First.Separator == '\0' ? "" : ",")))), "key => value -> { key, value }", 0.9);
            }
        }
    }

    // return a, b; as Python and Go write it, over one line or several.
    private static IEnumerable<TokenEdit> Tuples(CSharpFault fault)
    {
        var text = fault.Text.ToString();
        var at = Math.Min(fault.Span.Start, text.Length);
        var from = Math.Max(0, at - MaxLength);
        var back = text[from..at].LastIndexOf("return ", StringComparison.Ordinal) is >= 0 and var near ? from + near : -1;
        var end = back < 0 ? -1 : text.IndexOf(';', Math.Max(back, at - 1));
        if (end < 0 || end - back > MaxLength)
            yield break;
        var values = text[(back + "return ".Length)..end];
        if (Split(values).Count > 1 && !values.Contains('{'))
            yield return new TokenEdit(new TextChange(new TextSpan(back + "return ".Length, values.Length), $"({values})"), "parentheses around the values", 1);
    }

    private static IEnumerable<TokenEdit> Lines(CSharpFault fault)
    {
        var at = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length)).LineNumber;
        for (var n = Math.Max(0, at - 1); n <= Math.Min(at + 1, fault.Text.Lines.Count - 1); n++)
        {
            var line = fault.Text.Lines[n];
            var text = line.ToString();
            foreach (var (find, with, what, cost) in OfLines.Where(_ => text.Length <= MaxLength))
            {
                var changed = find.Replace(text, m => IsOpaque(fault, line.Start + m.Index) ? m.Value : m.Result(with));
                if (changed != text)
                    yield return new TokenEdit(new TextChange(line.Span, changed), $"{what}: {changed.Trim()}", cost);
            }
        }
    }

    private static List<(string Text, char Separator)> Split(string body)
    {
        var parts = new List<(string, char)>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < body.Length; i++)
        {
            depth += body[i] is '(' or '[' or '{' ? 1 : body[i] is ')' or ']' or '}' ? -1 : 0;
            if (depth != 0 || body[i] is not ',' and not ';')
                continue;
            parts.Add((body[start..i], body[i]));
            start = i + 1;
        }
        parts.Add((body[start..], '\0'));
        return parts;
    }

    private static TokenEdit Whole(CSharpFault fault, string text, string what, double cost) => new(new TextChange(new TextSpan(0, fault.Text.Length), text), what, cost);

    private static bool IsOpaque(CSharpFault fault, int at)
    {
        var token = fault.Root.FindToken(at);
        return token.Span.Contains(at)
            ? token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken
            : fault.Root.FindTrivia(at).Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or SyntaxKind.SingleLineDocumentationCommentTrivia;
    }

    [GeneratedRegex("""\$(?=[A-Za-z_])""")]
    private static partial Regex Dollar();

    [GeneratedRegex("[a-z]{2,10}")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?:\bnew\b[^{};]{0,200}|=\s{0,20})\{(?<body>[^{}]{1,6000})\}", RegexOptions.None, 1000)]
    private static partial Regex Braces();

    [GeneratedRegex(@"^(?<blank>\s*)(?<key>[^=\s][^=]{0,200}?)\s*=>\s*(?<value>\S(?:[\s\S]{0,1000}\S)?)(?<end>\s*)$", RegexOptions.None, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\b(\w+)\s*(?:\+=|\+\+\++|\+)(?=\s*[);])")]
    private static partial Regex HalfIncrement();

    [GeneratedRegex(@"\b(\w+)\s*(?:-=|---+|-)(?=\s*[);])")]
    private static partial Regex HalfDecrement();

    [GeneratedRegex(@"\b([A-Z]\w{2,60})\[((?:string|int|bool|double|char|long|decimal|float|object|byte|[A-Z]\w{0,60})\??(?:\s*,\s*(?:string|int|bool|double|char|long|decimal|float|object|byte|[A-Z]\w{0,60})\??){0,3})\]")]
    private static partial Regex SquareArguments();

    [GeneratedRegex(@"\b([A-Z]\w{2,60})\(((?:string|int|bool|double|char|long|decimal|float|object|byte|[A-Z]\w{0,60})\??(?:\s*,\s*(?:string|int|bool|double|char|long|decimal|float|object|byte|[A-Z]\w{0,60})\??){0,3})\)(?=\s+\w|>|\s*[({])")]
    private static partial Regex RoundArguments();

    [GeneratedRegex(@"\b(get|set|init)\s*\(\s*\)")]
    private static partial Regex CalledAccessor();

    [GeneratedRegex(@"(?<=(?:[=(,]|\breturn|=>)\s{0,20})(?=[A-Z]\w{0,60}(?:<[^<>;(){}]{1,80}>)?\s{0,20}(?:\(\s{0,20}\))?\s{0,20}\{)")]
    private static partial Regex NewLost();

    [GeneratedRegex(@"(&&|\|\||<=|>=|==|!=|\+=|-=)[&|=]")]
    private static partial Regex TwoSigns();

    [GeneratedRegex(@"(?<==>\s{0,20})return\s+(?=[^;{}]{1,300},?\s*$|[^;{},]{1,200},)")]
    private static partial Regex ReturnInArm();

    [GeneratedRegex(@"\b(?:for|foreach)\s+each\s*\(|\bforEach\s*\((?=\s*(?:var|[A-Za-z<>\[\]]+)\s+\w+\s+in\b)")]
    private static partial Regex ForEach();

    [GeneratedRegex(@"(?<!global)::")]
    private static partial Regex Scope();

    [GeneratedRegex(@"(?<=\w)->(?=[A-Za-z_]\w*)")]
    private static partial Regex Arrow();
}
