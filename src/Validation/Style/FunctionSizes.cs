using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>One function and how long it is.</summary>
internal sealed record FunctionSize(string Name, int Line, int Lines);

/// <summary>How long functions are: C# by its syntax tree, Python by indentation, JavaScript and TypeScript by brackets. Where the text misleads, a function counts as shorter.</summary>
internal static partial class FunctionSizes
{
    /// <summary>The functions of a file; empty for other languages.</summary>
    public static IEnumerable<FunctionSize> Of(SourceFile file, CancellationToken token) => file.Language switch
    {
        "csharp" => CSharp(CSharpCompiler.Parse(file.Path, file.Text, token), token),
        "python" => Python(file.Text.Split('\n')),
        "javascript" or "typescript" => Script(file.Text),
        _ => [],
    };

    private static IEnumerable<FunctionSize> CSharp(SyntaxTree tree, CancellationToken token) =>
        tree.GetRoot(token).DescendantNodes().Where(n => n is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax).Select(n =>
        {
            var place = n.GetLocation().GetLineSpan();
            var name = n switch
            {
                MethodDeclarationSyntax m => m.Identifier.Text,
                ConstructorDeclarationSyntax c => c.Identifier.Text,
                LocalFunctionStatementSyntax l => l.Identifier.Text,
                AccessorDeclarationSyntax a => a.Keyword.Text,
                _ => "operator",
            };
            return new FunctionSize(name, place.StartLinePosition.Line + 1, place.EndLinePosition.Line - place.StartLinePosition.Line + 1);
        });

    private static IEnumerable<FunctionSize> Python(string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            if (Def().Match(lines[at]) is not { Success: true } def)
                continue;
            var (depth, last) = (def.Groups["indent"].Length, at);
            for (var next = at + 1; next < lines.Length; next++)
            {
                var text = lines[next].AsSpan().TrimStart();
                if (text.IsWhiteSpace())
                    continue;
                // A closing bracket may stand at the depth of the def whose arguments it ends.
                if (lines[next].Length - text.Length <= depth && text[0] is not (')' or ']' or '}'))
                    break;
                last = next;
            }
            yield return new FunctionSize(def.Groups["name"].Value, at + 1, last - at + 1);
        }
    }

    private static IEnumerable<FunctionSize> Script(string text)
    {
        var mask = CodeMask.Of(text);
        var closes = Closes(text, mask);
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                starts.Add(i + 1);
        }
        int LineOf(int place) => starts.BinarySearch(place) is >= 0 and var exact ? exact + 1 : ~starts.BinarySearch(place);
        foreach (Match match in Function().Matches(text))
        {
            var open = match.Index + match.Length - 1;
            if (!mask[match.Index] || !mask[open] || !closes.TryGetValue(open, out var close))
                continue;
            var name = match.Groups["name"].Value is { Length: > 0 } given ? given : "function";
            yield return new FunctionSize(name, LineOf(match.Index), LineOf(close) - LineOf(match.Index) + 1);
        }
    }

    // Where each bracket is closed, found in one pass: thousands of open functions must not each go over the file.
    private static Dictionary<int, int> Closes(string text, bool[] mask)
    {
        var closes = new Dictionary<int, int>();
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (mask[i] && text[i] == '{')
                open.Push(i);
            else if (mask[i] && text[i] == '}' && open.TryPop(out var from))
                closes[from] = i;
        }
        return closes;
    }

    [GeneratedRegex("""^(?<indent>[ \t]*)(?:async[ \t]+)?def[ \t]+(?<name>\w+)""", RegexOptions.NonBacktracking)]
    private static partial Regex Def();

    // function name(...) { ; name = (...) => { ; no default value with a bracket of its own is looked through.
    [GeneratedRegex("""(?:\bfunction\b\s*\*?\s*(?<name>[\w$]*)\s*\([^(){}]*\)|(?:\b(?<name>[\w$]+)\s*=\s*)?(?:\basync\s*)?\([^(){}]*\)\s*=>)\s*\{""", RegexOptions.NonBacktracking)]
    private static partial Regex Function();
}
