using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Action where a value comes back, Func where none does, and the name that a catch clause forgot.</summary>
internal sealed class DelegateRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS0103" => Caught(fault),
        "CS0023" or "CS0029" or "CS7036" or "CS1593" or "CS0019" or "CS0127" or "CS8030" or "CS0201" or "CS1503" or "CS1643" or "CS0815" or "CS0305" or "CS1662" or "CS0407" => Kind(fault),
        _ => [],
    };

    private static IEnumerable<FixCandidate> Kind(CSharpFault fault)
    {
        var names = fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<GenericNameSyntax>()).Where(g => g.Identifier.Text is "Action" or "Func").ToList();
        var near = fault.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        foreach (var name in names.Where(n => near is null || near.Span.Contains(n.Span) || !fault.IsOwn(fault.Tree) || names.Count == 1).Take(4))
        {
            var speaks = fault.Message.Contains("void", StringComparison.Ordinal) || fault.Message.Contains(name.Identifier.Text + "<", StringComparison.Ordinal);
            if (name.Identifier.Text == "Action")
                yield return fault.Change(name.SyntaxTree, $"{name} -> Func{name.TypeArgumentList}", "What gives a value back is a Func, whose last type argument is that value's.", speaks ? 1.1 : 1.9, new TextChange(name.Identifier.Span, "Func"));
            else if (fault.Is("CS1643", "CS0029", "CS1503", "CS1662", "CS0407"))
            {
                var rest = name.TypeArgumentList.Arguments.Take(name.Arity - 1).ToList();
                var written = rest.Count == 0 ? "Action" : $"Action<{string.Join(", ", rest)}>";
                yield return fault.Change(name.SyntaxTree, $"{name} -> {written}", "What gives nothing back is an Action.", 1.9, new TextChange(name.Span, written));
                yield return fault.Change(name.SyntaxTree, $"{name} -> Action{name.TypeArgumentList}", "What gives nothing back is an Action.", 2, new TextChange(name.Identifier.Span, "Action"));
            }
        }
    }

    private static IEnumerable<FixCandidate> Caught(CSharpFault fault)
    {
        if (fault.Node is not IdentifierNameSyntax name || name.FirstAncestorOrSelf<CatchClauseSyntax>() is not { } clause || name.Parent is InvocationExpressionSyntax call && call.Expression == name)
            yield break;
        var cost = name.Identifier.Text.StartsWith('e') || name.Identifier.Text.EndsWith("ex", StringComparison.OrdinalIgnoreCase) ? 0.6 : 1;
        var why = $"The handler speaks of '{name}', which is the exception it caught.";
        if (clause.Declaration is null)
            yield return fault.Insert(clause.CatchKeyword.Span.End, $" (Exception {name})", $"catch (Exception {name})", why, cost);
        else if (clause.Declaration.Identifier.Span.Length == 0)
            yield return fault.Insert(clause.Declaration.Type.Span.End, " " + name, $"catch ({clause.Declaration.Type} {name})", why, cost);
        else
            yield return fault.Replace(clause.Declaration.Identifier.Span, name.Identifier.Text, $"catch ({clause.Declaration.Type} {name})", why, cost + 0.4);
    }
}
