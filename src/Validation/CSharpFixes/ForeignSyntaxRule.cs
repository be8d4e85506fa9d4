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

    private static readonly (Regex Find, string With)[] Compiled = [.. Rewrites.Select(r => (new Regex(r.Find, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2)), r.With))];

    private const string Why = "This is how another language writes it; C# has its own form for the same thing.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.IsSyntax)
            return fault.Is("CS8505", "CS0246", "CS0103", "CS0193", "CS0214", "CS0227", "CS0150", "CS0230", "CS0210", "CS0129")
                ? Edits(fault.Text.Lines.GetLineFromPosition(fault.Span.Start)).Select(e => fault.Change(fault.Tree, e.Fix, Why, e.Cost, e.Change))
                : [];
        var at = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length)).LineNumber;
        var trial = new ParseTrial(fault);
        for (var n = Math.Max(0, at - 1); n <= Math.Min(at + 1, fault.Text.Lines.Count - 1); n++)
            trial.Try(Annotations(fault, n).Concat(Edits(fault.Text.Lines[n])), token);
        return trial.Candidates(Why);
    }

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
        foreach (var (find, with) in Compiled)
        {
            var changed = find.Replace(text, with);
            if (changed != text)
                yield return new TokenEdit(new TextChange(line.Span, changed), $"{text.Trim()} -> {changed.Trim()}", 1.4);
        }
    }
}
