using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>One name that is two: <c>returnvalue</c>, <c>newList</c>, <c>itemsindex]</c>. What stood between them, a space or a bracket, was lost.</summary>
internal sealed class JoinedWordsRule : ICSharpRule
{
    private const int Reach = 12;
    private static readonly string[] Leading = ["return", "new", "var", "await", "throw", "case", "using", "namespace", "class", "int", "string", "double", "bool", "char", "long", "decimal", "in", "is", "as", "else", "out", "ref", "static", "public", "private", "void", "yield"];
    private static readonly string[] Between = ["[", "<", "(", "."];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var known = fault.Root.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.Text).CountBy(t => t).ToDictionary(t => t.Key, t => t.Value);
        const string why = "The name is two words that lost what stood between them; each of them is known here.";
        if (fault.IsSyntax)
            return new ParseTrial(fault).Try(Near(fault).SelectMany(t => Edits(fault, t, known)), token).Candidates(why);
        return fault.Is("CS0103", "CS0246", "CS0118", "CS0201")
            ? Near(fault).Where(t => t.Span.IntersectsWith(fault.Span)).SelectMany(t => Edits(fault, t, known)).Select(e => fault.Change(fault.Tree, e.Fix, why, e.Cost, e.Change))
            : [];
    }

    private static IEnumerable<SyntaxToken> Near(CSharpFault fault)
    {
        var at = fault.Token;
        for (var i = 0; i < Reach && at.RawKind != 0; i++, at = at.GetPreviousToken())
        {
            if (at.IsKind(SyntaxKind.IdentifierToken) && at.Text.Length > 3)
                yield return at;
        }
    }

    private static IEnumerable<TokenEdit> Edits(CSharpFault fault, SyntaxToken word, Dictionary<string, int> known)
    {
        var text = word.Text;
        foreach (var first in Leading.Where(w => text.Length > w.Length && text.StartsWith(w, StringComparison.Ordinal) && IsKnown(fault, known, text[w.Length..])))
            yield return TokenEdit.Replace(word.Span, text, $"{first} {text[first.Length..]}", known[text] > 1 ? 2.5 : 0.9);
        if (known[text] > 1)
            yield break;
        for (var at = 2; at < text.Length; at++)
        {
            var (first, second) = (text[..at], text[at..]);
            if (!IsKnown(fault, known, first) || !(IsKnown(fault, known, second) || SyntaxFacts.GetKeywordKind(second) != SyntaxKind.None))
                continue;
            yield return TokenEdit.Replace(word.Span, text, $"{first} {second}", 1.2);
            foreach (var mark in Between)
                yield return TokenEdit.Replace(word.Span, text, first + mark + second, 1.4);
        }
    }

    private static bool IsKnown(CSharpFault fault, Dictionary<string, int> known, string name) =>
        known.ContainsKey(name) || (name.Length > 2 && char.IsUpper(name[0]) && NameIndex.Of(fault.Compilation).NamespacesOfType(name).Count > 0);
}
