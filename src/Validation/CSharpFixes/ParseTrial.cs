using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>An edit that may satisfy the parser.</summary>
/// <param name="Change">The edit.</param>
/// <param name="Fix">What it does.</param>
/// <param name="Cost">How bold it is.</param>
internal sealed record TokenEdit(TextChange Change, string Fix, double Cost)
{
    public static TokenEdit Insert(int at, string text, double cost) => new(new TextChange(new TextSpan(at, 0), text), $"insert missing {text.Trim()}", cost);

    public static TokenEdit Remove(TextSpan span, string text, double cost) => new(new TextChange(span, ""), $"remove surplus {text}", cost);

    public static TokenEdit Replace(TextSpan span, string old, string text, double cost) => new(new TextChange(span, text), $"{old} -> {text}", cost);
}

/// <summary>
/// Tries edits on the parser alone, which is far cheaper than compiling, and keeps those that leave fewer syntax errors.
/// </summary>
internal sealed class ParseTrial(CSharpFault fault)
{
    private const int Kept = 14;
    // Several errors of one file, and several rules, ask about the same edits.
    private static readonly ConditionalWeakTable<SyntaxTree, ConcurrentDictionary<(TextSpan, string), int>> Known = [];
    private readonly ConcurrentDictionary<(TextSpan, string), int> known = Known.GetOrCreateValue(fault.Tree);
    private readonly HashSet<(TextSpan, string)> tried = [];
    private readonly List<(int Errors, TokenEdit Edit)> better = [];
    private readonly int before = Errors(fault.Tree);

    /// <summary>True when an edit was found that leaves no syntax error.</summary>
    public bool HasClean { get; private set; }

    /// <summary>Tries edits; what does not help is forgotten.</summary>
    public ParseTrial Try(IEnumerable<TokenEdit> edits, CancellationToken token)
    {
        foreach (var edit in edits)
        {
            token.ThrowIfCancellationRequested();
            if (!tried.Add((edit.Change.Span, edit.Change.NewText!)))
                continue;
            var errors = known.GetOrAdd((edit.Change.Span, edit.Change.NewText!), _ => Errors(fault.Tree.WithChangedText(fault.Text.WithChanges(edit.Change))));
            if (errors >= before)
                continue;
            HasClean |= errors == 0;
            better.Add((errors, edit));
        }
        return this;
    }

    /// <summary>What helped, the cleanest and smallest first.</summary>
    public IEnumerable<FixCandidate> Candidates(string why) =>
        better.OrderBy(b => b.Errors).ThenBy(b => b.Edit.Cost).Take(Kept)
            .Select(b => fault.Change(fault.Tree, b.Edit.Fix, why, b.Edit.Cost, b.Edit.Change) with { Unread = b.Errors });

    private static int Errors(SyntaxTree tree) => tree.GetDiagnostics().Count(d => d.Severity == DiagnosticSeverity.Error);
}
