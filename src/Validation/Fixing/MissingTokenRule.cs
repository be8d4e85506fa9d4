using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>A missing ; ) ] } or other token that the parser names.</summary>
internal sealed partial class MissingTokenRule : ICSharpRule
{
    public IReadOnlySet<string> Understands { get; } = new HashSet<string> { "CS1002", "CS1003", "CS1026", "CS1513", "CS1514", "CS1022", "CS8124" };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Error.Code == "CS1022")
        {
            var surplus = fault.Token;
            if (surplus.IsKind(SyntaxKind.CloseBraceToken))
                yield return fault.Replace(surplus.Span, "", "remove surplus }", "There is one closing brace more than opening ones; without it the braces match.");
            yield break;
        }
        var wanted = WantedToken(fault);
        if (wanted is null)
            yield break;
        foreach (var at in Places(fault, wanted))
        {
            var text = wanted is "}" or "{" ? BraceLayout.OnOwnLine(fault, at, wanted) : wanted;
            yield return fault.Insert(at, text, $"insert missing {wanted}", $"The parser expected {wanted} here; with it the statement is complete.");
        }
    }

    private static string? WantedToken(CSharpFault fault) => fault.Error.Code switch
    {
        "CS1002" => ";",
        "CS1513" => "}",
        "CS1514" => "{",
        "CS1026" or "CS8124" => ")",
        _ => Quoted().Match(fault.Error.Message) is { Success: true } match ? match.Groups[1].Value : null,
    };

    private static IEnumerable<int> Places(CSharpFault fault, string wanted)
    {
        if (wanted == "}" && BraceLayout.WhereIndentationMissesOne(fault) is { } place)
            yield return place;
        yield return fault.Position;
        var before = fault.Token.GetPreviousToken();
        if (!before.IsKind(SyntaxKind.None) && before.Span.End != fault.Position)
            yield return before.Span.End;
        if (wanted == "}")
            yield return fault.Text.Length;
    }

    [GeneratedRegex("'(.)' expected")]
    private static partial Regex Quoted();
}
