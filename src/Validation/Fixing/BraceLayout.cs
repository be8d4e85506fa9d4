using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>Reads the author's indentation: it says where a lost brace belongs better than the parser, which notices only at the end.</summary>
internal static class BraceLayout
{
    /// <summary>Start of the first line that stands too far left for the block it would be in; null when the layout is consistent.</summary>
    public static int? WhereIndentationMissesOne(CSharpFault fault)
    {
        var open = new Stack<int>();
        var lastLine = -1;
        foreach (var token in Braces(fault, int.MaxValue, all: true))
        {
            var line = fault.Text.Lines.GetLineFromPosition(token.SpanStart);
            var closes = token.IsKind(SyntaxKind.CloseBraceToken);
            if (line.LineNumber != lastLine && open.TryPeek(out var outer) && (closes ? Indent(line.ToString()) < outer : Indent(line.ToString()) <= outer)
                && !token.IsKind(SyntaxKind.OpenBraceToken))
                return line.Start;
            lastLine = line.LineNumber;
            if (token.IsKind(SyntaxKind.OpenBraceToken))
                open.Push(Indent(line.ToString()));
            else if (closes)
                open.TryPop(out _);
        }
        return null;
    }

    /// <summary>The brace with its line breaks, indented as the block that is open there, and no empty line more than there was.</summary>
    public static string OnOwnLine(CSharpFault fault, int at, string brace)
    {
        var open = new Stack<int>();
        foreach (var token in Braces(fault, at, all: false))
        {
            if (token.IsKind(SyntaxKind.OpenBraceToken))
                open.Push(token.SpanStart);
            else
                open.TryPop(out _);
        }
        var line = open.TryPeek(out var start) ? fault.Text.Lines.GetLineFromPosition(start).ToString() : "";
        var atLineStart = at == 0 || fault.Text[at - 1] == '\n';
        var atLineEnd = at == fault.Text.Length || fault.Text[at] is '\n' or '\r';
        return (atLineStart ? "" : "\n") + line[..Indent(line)] + brace + (atLineEnd && !atLineStart ? "" : "\n");
    }

    private static IEnumerable<SyntaxToken> Braces(CSharpFault fault, int before, bool all) =>
        fault.Root.DescendantTokens().Where(t => !t.IsMissing && t.SpanStart < before && t.Span.Length > 0
            && (all || t.IsKind(SyntaxKind.OpenBraceToken) || t.IsKind(SyntaxKind.CloseBraceToken)));

    private static int Indent(string line) => line.Length - line.TrimStart().Length;
}
