using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Statements written as another language writes them: loops, conditions, declarations, operators.</summary>
internal sealed partial class ForeignSyntaxRule : ICSharpRule
{
    private static readonly (string Find, string With)[] Rewrites =
    [
        (@"\bforeach\s*\(\s*(\w+)\s+in\b", "foreach (var $1 in"),
        (@"\bfor(?:each)?\s*\(\s*(?:(?:const|let|var)\s+)?(\w+)\s+(?:of|in)\s+", "foreach (var $1 in "),
        (@"\bfor(?:each)?\s*\(\s*(?:final\s+)?([\w<>\[\],]+)\s+(\w+)\s*:\s*", "foreach ($1 $2 in "),
        (@"\bforeach\s*\(\s*(\w+)\s+(\w+)\s+(?:of|at|on|from)\s+", "foreach ($1 $2 in "),
        (@"\bfor\s*\(([^;,()]*),([^;,()]*)[,;]([^;]*)\)", "for ($1;$2;$3)"),
        (@"\bfor\s*\(([^;,()]*);([^;,()]*),([^;]*)\)", "for ($1;$2;$3)"),
        (@"\bfor\s*\(\s*(\w+)\s*=", "for (int $1 ="),
        (@"\bfor\s+(\w+)\s+in\s+([^:{]+):?\s*$", "foreach (var $1 in $2)"),
        (@"\bfor\s+(\w+)\s+in\s+([^:{]+?)\s*\{", "foreach (var $1 in $2) {"),
        (@"\b(if|while|switch|foreach|for|lock|using)\s+(?!\()([^{]+?)\s*(\{?)\s*$", "$1 ($2) $3"),
        (@"\b(if|while|switch|foreach|for|lock|using)\s+(?!\()([^{}();]+?(?:\([^()]*\))?[^{};]*?)\s*\{", "$1 ($2) {"),
        (@"\b(if|while)\s*\((.+)\)\s*then\b", "$1 ($2)"),
        (@"\b(?:elif|elsif|elseif)\b", "else if"),
        (@"\b(get|set|init)\s*,", "$1;"),
        (@"\b(get|set|init)(?=\s+(?:(?:private|protected|internal)\s+)?(?:get|set|init)\b|\s*\})", "$1;"),
        (@"=\s*([^={};]+?)\s*(\{\s*(?:(?:private|protected|internal)\s+)?(?:get|set|init)\s*;[^{}]*\})\s*;?", "$2 = $1;"),
        (@"\byield\s+(?!return\b|break\b)(?=[\w(""'$\[-])", "yield return "),
        (@"\b((?:(?:(?:private|protected|internal)\s+)?(?:get|set|init)\s*;\s*){0,2}(?:(?:private|protected|internal)\s+)?\b(?:get|set|init)\s*;)(?=\s|$)", "{ $1 }"),
        (@"\b((?:(?:(?:private|protected|internal)\s+)?(?:get|set|init)\s*;\s*){0,2}(?:(?:private|protected|internal)\s+)?\b(?:get|set|init)\s*;)\s*=\s*([^;{}]+);", "{ $1 } = $2;"),
        (@"\bcatch\s+(\w+)\s+(\w+)", "catch ($1 $2)"),
        (@"\bcatch\s*\(\s*(\w+)\s*\)", "catch (Exception $1)"),
        (@"\bexcept\b", "catch"),
        (@"\braise\s+", "throw "),
        (@"\b(?:function|def|fn|func|fun)\s+(\w+\s*\()", "void $1"),
        (@"\b(?:let|val|auto|final\s+var|const|var\s+const)\s+(?:mut\s+)?(\w+)\s*=", "var $1 ="),
        (@"\bconst\s+(\w+)\s*=\s*", "var $1 = "),
        (@"\bfinal\b", "readonly"),
        (@"\bfinal\s+", ""),
        (@"\)\s*throws\s+[\w,\s]+?(?=\s*[{;]?\s*$)", ")"),
        (@"\bextends\b|\bimplements\b", ":"),
        (@"\binstanceof\b", "is"),
        (@"([\w.""'()\[\]]+)\s+if\s+(.+?)\s+else\s+([^;,)]+)", "$2 ? $1 : $3"),
        (@"\b(\w+)\s*:\s*([\w<>\[\]?.]+)(?=\s*[,)])", "$2 $1"),
        (@"^(\s*(?:(?:public|private|protected|internal|static|async|override|virtual)\s+)*)(\w+)\s*(\(.*\))\s*:\s*([\w<>\[\]?.]+)", "$1$4 $2$3"),
        (@"^\s*from\s+([\w.]+)\s+import\b.*$", "using $1;"),
        (@"([\w.]+)\s+not\s+in\s+([\w.]+|""[^""\n]*"")", "!$2.Contains($1)"),
        (@"!\s*([\w.]+)\s+in\s+([\w.]+|""[^""\n]*"")", "!$2.Contains($1)"),
        (@"([\w.]+)\s+in\s+([\w.]+|""[^""\n]*"")", "$2.Contains($1)"),
        (@"\[([^\[\]:?]+):\s*\]", "[($1)..]"),
        (@"\[([^\[\]:?]+):\s*\]", "[$1..]"),
        (@"\[\s*:([^\[\]:?]+)\]", "[..$1]"),
        (@"\[([^\[\]:?]+):([^\[\]:?]+)\]", "[$1..$2]"),
        // What an engine puts around code.
        (@"^\s*```\w*\s*$", ""),
        (@"^[A-Z][\w ,'-]*[:.]\s*$", ""),
        (@"^(\s*)@Override\s*$", ""),
        (@"@Override\s+", ""),
        (@"^\s*import\s+([\w.]+);", "using $1;"),
        (@"^\s*package\s+([\w.]+);", "namespace $1;"),
        (@"^\s*#include\s*<\w+>", ""),
        (@"(\b[\w<>]+)\s+(\w+)\s*\[\s*\]", "$1[] $2"),
        (@"(\b[\w<>]+)\.\.\.\s*(\w+)", "params $1[] $2"),
        (@"===", "=="),
        (@"!==", "!="),
        (@"<>", "!="),
        (@"=<", "<="),
        (@"=>", ">="),
        (@":=", "="),
        (@"->", "=>"),
        (@"->|::", "."),
        (@"\band\b", "&&"),
        (@"\bor\b", "||"),
        (@"\bnot\s+", "!"),
        (@"\bdefault\s*=>", "_ =>"),
        (@"\bcase\s+(.+?)\s*=>", "$1 =>"),
        (@"\bcase\s+(.+?)\s*=>", "case $1:"),
        (@"\bdefault\s*=>", "default:"),
        (@"\belse\s*:", "else"),
        (@"\bpass\b;?", ";"),
        (@"#(.*)$", "//$1"),
        (@"--(\s.*)$", "//$1"),
        (@"\b(\w+)\s*\?\?=\s*", "$1 ??= "),
        (@"\bnew\s+(\w+)\s*\[\s*\]\s*\((.*)\)", "new $1[$2]"),
        (@"\bnew\s+(\w+)\s*\((\d+|\w+)\)\s*\[\s*\]", "new $1[$2]"),
        (@"=\s*\[(.*)\]\s*;", "= new[] { $1 };"),
        (@"\b(\w+)\s+as\s+e\b", "$1 e"),
        (@"\bprint\s+(.+?);?\s*$", "Console.WriteLine($1);"),
        (@"\+\+\s*(\w+)\s*\+\+", "$1++"),
        (@"\bdo\s*\{(.*)\}\s*\((.*)\)", "do {$1} while ($2)"),
    ];

    // Forms that mean one thing only, and that looser rewrites above would tear apart.
    private static readonly (string Find, string With)[] Certain =
    [
        (@"\blambda\s+(\w+)\s*:\s*", "$1 => "),
        (@"\blambda\s+(\w+(?:\s*,\s*\w+)+)\s*:\s*", "($1) => "),
        (@"\blambda\s*:\s*", "() => "),
        (@"(?<=[(,=]\s*)\|\s*(\w+)\s*\|\s*", "$1 => "),
        (@"(?<=[(,=]\s*)\|\s*(\w+(?:\s*,\s*\w+)+)\s*\|\s*", "($1) => "),
        (@"\b(?:function|func|fn|fun|def)\s*(\([\w\s,]*\))\s*\{\s*return\s+([^{};]+);?\s*\}", "$1 => $2"),
        (@"\b(?:function|func|fn|fun)\s*(\([\w\s,]*\))\s*\{", "$1 => {"),
        (@"\bfor\s*\(?\s*(?:\w+\s+)?(\w+)\s+in\s+range\(\s*((?:[^,()]|\([^()]*\))+?)\s*\)\s*\)?\s*:?", "for (int $1 = 0; $1 < $2; $1++)"),
        (@"\bfor\s*\(?\s*(?:\w+\s+)?(\w+)\s+in\s+range\(\s*((?:[^,()]|\([^()]*\))+?)\s*,\s*((?:[^,()]|\([^()]*\))+?)\s*\)\s*\)?\s*:?", "for (int $1 = $2; $1 < $3; $1++)"),
        (@"\bfor\s*\(?\s*(?:\w+\s+)?(\w+)\s+in\s+range\(\s*((?:[^,()]|\([^()]*\))+?)\s*,\s*((?:[^,()]|\([^()]*\))+?)\s*,\s*-\s*1\s*\)\s*\)?\s*:?", "for (int $1 = $2; $1 > $3; $1--)"),
        (@"\bfor(?:each)?\s*\(?\s*(?:var\s+)?(\w+)\s+in\s+([\w.]+?)\s*\.\.<?\s*([\w.]+(?:\([^()]*\))?)\s*\)?", "for (int $1 = $2; $1 < $3; $1++)"),
        (@"\bfor(?:each)?\s*\(?\s*(?:var\s+)?(\w+)\s+in\s+([\w.]+?)\s*\.\.=\s*([\w.]+(?:\([^()]*\))?)\s*\)?", "for (int $1 = $2; $1 <= $3; $1++)"),
        (@"\bforeach\s*\(\s*(?:var\s+)?(\w+(?:\s*,\s*\w+)+)\s+(?:in|of)\b", "foreach (var ($1) in"),
        (@"\bfor\s+(\w+(?:\s*,\s*\w+)+)\s+in\s+([^:{]+):?\s*$", "foreach (var ($1) in $2)"),
        (@"!\s*\(?([\w.]+)\s+in\s+([\w.]+)(?=\))", "!$2.Contains($1)"),
        (@"!\s*\(?([\w.]+)\s+in\s+([\w.]+)(?=\))", "!$2.ContainsKey($1)"),
        (@"\[((?:""[^""\n]*""|[^\[\]:?""])+):\s*\]", "[($1)..]"),
        (@"^(\s*)([A-Za-z_]\w*)\s*:\s+(?=[^\s{].*[,}]?\s*$)", "$1$2 = "),
        (@"^(\s*)(""[^""\n]*""|'[^'\n]*')\s*:\s*(.+?)(,?)\s*$", "$1[$2] = $3$4"),
        (@"\bvar\s+(\w+(?:\s*,\s*\w+)+)\s*=(?!=)", "var ($1) ="),
    ];

    private static readonly (Regex Find, string With)[] CertainCompiled = [.. Certain.Select(r => (new Regex(r.Find, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)), r.With))];

    private static readonly (Regex Find, string With)[] Compiled = [.. Rewrites.Select(r => (new Regex(r.Find, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)), r.With))];

    private const string Why = "This is how another language writes it; C# has its own form for the same thing.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.IsSyntax)
            return fault.Is("CS8505", "CS0246", "CS0103", "CS0193", "CS0214", "CS0227", "CS0150", "CS0230", "CS0210", "CS0129")
                ? Edits(fault.Text.Lines.GetLineFromPosition(fault.Span.Start)).Select(e => fault.Change(fault.Tree, e.Fix, Why, e.Cost, e.Change))
                : [];
        var at = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length)).LineNumber;
        var trial = new ParseTrial(fault).Try(Enums(fault.Text).Concat(Initializers(fault.Text)).Concat(Loops(fault.Text)), token);
        for (var n = Math.Max(0, at - 1); n <= Math.Min(at + 1, fault.Text.Lines.Count - 1); n++)
            trial.Try(Annotations(fault, n).Concat(Edits(fault.Text.Lines[n])), token);
        return trial.Candidates(Why);
    }

    // All members of an enumeration end alike, so all are mended at once.
    private static IEnumerable<TokenEdit> Enums(SourceText text) => Enumeration().Matches(text.ToString()).Where(m => m.Value.Contains(';'))
        .Select(m => new TokenEdit(new TextChange(new TextSpan(m.Index, m.Length), m.Value.Replace(';', ',')), "; -> , between the members", 0.9));

    // The parser reads `do` as the beginning of a loop of its own and stumbles far below.
    private static IEnumerable<TokenEdit> Loops(SourceText text) => WhileDo().Matches(text.ToString())
        .Select(m => new TokenEdit(new TextChange(new TextSpan(m.Groups["do"].Index, m.Groups["do"].Length), ""), "while (...) do -> while (...)", 0.7));

    [GeneratedRegex(@"\b(?:while|for|foreach)\s*\([^\n]{1,200}\)(?<do>\s*\bdo)\b(?=\s*(?:\{|$))", RegexOptions.Multiline, 1000)]
    private static partial Regex WhileDo();

    // { "key": value } for a dictionary, { Name: value } for an object: all at once as well.
    private static IEnumerable<TokenEdit> Initializers(SourceText text)
    {
        foreach (Match match in Initializer().Matches(text.ToString()))
        {
            var (head, body) = (match.Groups["head"].Value, match.Groups["body"].Value);
            var isMap = head.Contains("Dictionary", StringComparison.Ordinal) || KeyInQuotes().IsMatch(body);
            var changed = isMap ? Entry().Replace(body, "$1[$2] =") : Member().Replace(body, "$1$2 =");
            if (changed != body)
                yield return new TokenEdit(new TextChange(new TextSpan(match.Groups["body"].Index, body.Length), changed), isMap ? "key: value -> [key] = value" : "name: value -> name = value", 0.9);
        }
    }

    [GeneratedRegex(@"(?<head>\bnew\b[^{};]{0,200})\{(?<body>[^{}]{0,4000})\}", RegexOptions.None, 1000)]
    private static partial Regex Initializer();

    [GeneratedRegex(@"^\s*[""'][^""'\n]*[""']\s*:", RegexOptions.Multiline, 1000)]
    private static partial Regex KeyInQuotes();

    [GeneratedRegex(@"(^|,)(?:\s*)((?:""[^""\n]*""|'[^'\n]*'|[\w.]+))\s*:(?!:)", RegexOptions.Multiline, 1000)]
    private static partial Regex Entry();

    [GeneratedRegex(@"(^|,)(\s*\w+)\s*:(?!:)", RegexOptions.Multiline, 1000)]
    private static partial Regex Member();

    [GeneratedRegex(@"\benum\s+\w+[^{}]{0,100}\{[^{}]{0,4000}\}", RegexOptions.None, 1000)]
    private static partial Regex Enumeration();

    // Java says above a method what C# says in its modifiers.
    private static IEnumerable<TokenEdit> Annotations(CSharpFault fault, int number)
    {
        if (fault.Text.Lines[number].ToString().Trim() != "@Override" || number + 1 >= fault.Text.Lines.Count)
            yield break;
        var next = fault.Text.Lines[number + 1];
        var modifiers = Modifiers().Match(next.ToString());
        if (modifiers.Success)
            yield return new TokenEdit(new TextChange(TextSpan.FromBounds(fault.Text.Lines[number].Start, next.Start + modifiers.Length), modifiers.Value + "override "), "@Override -> override", 1.1);
    }

    [GeneratedRegex(@"^\s*(?:public|protected|internal|private)\s+(?:internal\s+|protected\s+)?")]
    private static partial Regex Modifiers();

    private static IEnumerable<TokenEdit> Edits(TextLine line)
    {
        var text = line.ToString();
        if (text.Length > 400)
            yield break;
        foreach (var (find, with, cost) in CertainCompiled.Select(r => (r.Find, r.With, 0.7)).Concat(Compiled.Select(r => (r.Find, r.With, 1.4))))
        {
            var changed = find.Replace(text, with);
            if (changed != text)
                yield return new TokenEdit(new TextChange(line.Span, changed), $"{text.Trim()} -> {changed.Trim()}", cost);
        }
    }
}
