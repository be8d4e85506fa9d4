using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A token that is missing, one too many, or taken for another. The parser says what it expected; its own recovery shows where.</summary>
internal sealed partial class MissingTokenRule : ICSharpRule
{
    private const int MaxBoundaries = 70;
    private const int MaxLineEnds = 10;

    private static readonly string[] Usual = [";", ")", "(", ",", "]", "[", " = ", " => ", ".", " : ", ":", " ? ", ">", "<", " in ", "new ", " == ", " && ", " + ", " - ", " * ", " / ", " % ", " <= ", " >= ", " < ", " > ", " || ", " != ", "()", "class ", "void ", "case ", "while ", "*/"];
    private static readonly string[] LineWide = [";", ")", "(", ",", "]", "[", ".", " = ", " => ", ">", "<", "{", "}"];

    private static readonly Dictionary<string, string[]> Confusable = new()
    {
        ["="] = ["==", "=>", "+="],
        ["=="] = ["="],
        ["=>"] = [">=", "=", ":", "{"],
        [":"] = [";", "=>", ",", "?"],
        [";"] = [",", ":", ")", ""],
        [","] = [";", ".", ")", "=>"],
        ["."] = [",", ";", ""],
        ["("] = ["[", "{", "<"],
        [")"] = ["]", "}", ">", ");", "))"],
        ["["] = ["(", "{"],
        ["]"] = [")", "}"],
        ["{"] = ["(", "["],
        ["}"] = [")", "]", "});", ")}"],
        [">"] = [")", ">>", "=>"],
        ["->"] = ["=>", "."],
        ["::"] = ["."],
        ["+"] = [","],
        ["|"] = ["||", "or"],
        ["or"] = ["||"],
        ["and"] = ["&&"],
        ["not"] = ["!"],
    };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        var trial = new ParseTrial(fault).Try(Near(fault), token);
        if (!trial.HasClean)
            trial.Try(OnLine(fault), token);
        return trial.Candidates("The parser could not go on here; with this token in place the code reads as it was meant.");
    }

    private static IEnumerable<TokenEdit> Near(CSharpFault fault)
    {
        var around = Around(fault);
        var wanted = Expected(fault);
        var places = around.SelectMany(t => new[] { t.Span.End, t.SpanStart }).Append(fault.Span.Start).Distinct().ToList();
        var previous = fault.Token.GetPreviousToken();
        // Behind what came before, not before what comes next: "return 1;", not "return 1 ;".
        var home = fault.Span.Start == 0 || (fault.Id == "CS1002" && fault.Span.Start != fault.Token.SpanStart) ? fault.Span.Start : previous.Span.End;
        foreach (var text in wanted)
        {
            foreach (var at in places)
                yield return TokenEdit.Insert(at, text, (text is "{" or "}" ? 1.7 : 1) + (at == home ? 0 : at == fault.Span.Start ? 0.05 : 0.3));
        }
        if (wanted.Contains(")"))
        {
            foreach (var at in Boundaries(fault))
                yield return TokenEdit.Insert(at, ")", 1.5 + Math.Abs(at - home) / 100.0);
            foreach (var at in LineEnds(fault))
                yield return TokenEdit.Insert(at, ")", 1.1);
        }
        foreach (var t in around)
        {
            foreach (var edit in OfToken(t))
                yield return edit;
        }
        foreach (var text in Usual)
        {
            foreach (var at in places)
                yield return TokenEdit.Insert(at, text, 2 + (text.Length > 1 ? 0.5 : 0));
        }
    }

    private static IEnumerable<TokenEdit> OfToken(SyntaxToken t)
    {
        if (t.Text.Length == 0)
            yield break;
        var text = t.Text;
        if (SyntaxFacts.IsKeywordKind(t.Kind()) || t.IsKind(SyntaxKind.IdentifierToken))
        {
            foreach (var (word, distance) in Keywords.Near(text))
                yield return TokenEdit.Replace(t.Span, text, word, distance + 0.2);
        }
        foreach (var other in Confusable.GetValueOrDefault(text) ?? [])
            yield return other.Length == 0 ? TokenEdit.Remove(t.Span, text, 1.8) : TokenEdit.Replace(t.Span, text, other, "([{".Contains(text[0]) ? 2 : 1.5);
        // Half of a doubled token, or a word that stands twice.
        yield return TokenEdit.Remove(t.Span, text, t.Kind() is SyntaxKind.IdentifierToken or SyntaxKind.NumericLiteralToken or SyntaxKind.StringLiteralToken ? 3 + text.Length / 20.0 : text.Length == 1 ? 2 : 2.5);
    }

    private static IEnumerable<TokenEdit> OnLine(CSharpFault fault)
    {
        foreach (var at in Boundaries(fault))
        {
            foreach (var text in LineWide)
                yield return TokenEdit.Insert(at, text, 3);
        }
        foreach (var t in LineTokens(fault).Take(MaxBoundaries))
        {
            foreach (var edit in OfToken(t))
                yield return edit with { Cost = edit.Cost + 1 };
        }
    }

    // A chain of calls is broken before its dots; a bracket left open above one swallows the rest of the chain.
    private static IEnumerable<int> LineEnds(CSharpFault fault)
    {
        var statement = fault.Token.GetPreviousToken().Parent?.FirstAncestorOrSelf<SyntaxNode>(n => n is StatementSyntax or MemberDeclarationSyntax);
        var tokens = statement?.DescendantTokens().Where(t => t.Span.Length > 0 && t.SpanStart < fault.Span.Start).ToList() ?? [];
        return tokens.Zip(tokens.Skip(1)).Where(p => p.Second.IsKind(SyntaxKind.DotToken) && fault.Text.Lines.IndexOf(p.First.Span.End) < fault.Text.Lines.IndexOf(p.Second.SpanStart))
            .Select(p => p.First.Span.End).TakeLast(MaxLineEnds);
    }

    private static IEnumerable<int> Boundaries(CSharpFault fault) =>
        LineTokens(fault).Take(MaxBoundaries).SelectMany(t => new[] { t.SpanStart, t.Span.End }).Distinct();

    private static IEnumerable<SyntaxToken> LineTokens(CSharpFault fault)
    {
        var line = fault.Text.Lines.GetLineFromPosition(Math.Min(fault.Span.Start, fault.Text.Length));
        // A fault at the beginning of a line is often the end of the one before.
        var first = fault.Token.GetPreviousToken() is { RawKind: not 0 } p ? fault.Text.Lines.GetLineFromPosition(p.SpanStart).Start : line.Start;
        return fault.Root.DescendantTokens(new TextSpan(first, line.End - first)).Where(t => t.Span.Length > 0);
    }

    private static List<SyntaxToken> Around(CSharpFault fault)
    {
        var at = fault.Token;
        var before = at.GetPreviousToken();
        // What the parser could not place is skipped, and often the very token that is wrong.
        var skipped = fault.Root.FindToken(Math.Min(fault.Span.Start, Math.Max(0, fault.Root.FullSpan.End - 1)), findInsideTrivia: true);
        var tokens = new[] { at, skipped, before, at.GetNextToken(), before.GetPreviousToken(), before.GetPreviousToken().GetPreviousToken() };
        return [.. tokens.Where(t => !t.IsKind(SyntaxKind.None) && t.Span.Length > 0).Distinct()];
    }

    private static List<string> Expected(CSharpFault fault)
    {
        var words = Quoted().Matches(fault.Message).Select(m => m.Groups[1].Value).Where(w => w is not "{" and not "}").ToList();
        var byId = fault.Id switch
        {
            "CS1002" => ";",
            "CS1026" or "CS8124" => ")",
            "CS1520" => "void ",
            "CS1515" => " in ",
            "CS1035" => "*/",
            "CS1514" or "CS1513" when fault.Node.FirstAncestorOrSelf<RecordDeclarationSyntax>() is { OpenBraceToken.Span.Length: 0 } => ";",
            _ => Before().Match(fault.Message) is { Success: true } match ? match.Groups[1].Value : "",
        };
        return [.. words.Prepend(byId).Where(w => w.Length > 0).Distinct()];
    }

    [GeneratedRegex("""'([^\w\s']{1,2}|in|while|catch)'""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^([^\w\s]{1,2}) (?:or \S+ )?expected""")]
    private static partial Regex Before();
}
