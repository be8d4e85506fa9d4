using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Programs without an entry point that fits, or with two.</summary>
internal sealed class EntryPointRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS5001", "CS0017", "CS0028", "CS1555", "CS8802"))
            yield break;
        const string why = "A program starts at one static method Main that takes nothing or string[] and gives back void, int or a task of them.";
        var methods = fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()).ToList();
        foreach (var main in methods.Where(m => m.Identifier.Text.Equals("Main", StringComparison.OrdinalIgnoreCase)))
        {
            if (fault.Is("CS0017"))
            {
                yield return fault.Change(main.SyntaxTree, "Main -> Run", "Only one Main may start the program.", 2, new TextChange(main.Identifier.Span, "Run"));
                continue;
            }
            if (main.Identifier.Text != "Main")
                yield return fault.Change(main.SyntaxTree, $"{main.Identifier} -> Main", why, 0.8, new TextChange(main.Identifier.Span, "Main"));
            if (!Modifiers.Has(main, "static"))
                yield return fault.Change(main.SyntaxTree, "make Main static", why, 0.8, Modifiers.Add(main, "static"));
            var isAsync = Modifiers.Has(main, "async");
            foreach (var (type, i) in new[] { isAsync ? "System.Threading.Tasks.Task" : "void", isAsync ? "System.Threading.Tasks.Task<int>" : "int" }.Where(t => t != main.ReturnType.ToString()).Select((t, i) => (t, i)))
                yield return fault.Change(main.SyntaxTree, $"{main.ReturnType} -> {type}", why, 1 + 0.2 * i, new TextChange(main.ReturnType.Span, type));
            if (main.ParameterList.Parameters.Count > 0 && main.ParameterList.ToString() != "(string[] args)")
                yield return fault.Change(main.SyntaxTree, "parameters of Main", why, 1, new TextChange(main.ParameterList.Span, "(string[] args)"));
            if (main.TypeParameterList is { } generic)
                yield return fault.Change(main.SyntaxTree, "Main without type parameters", why, 1, new TextChange(generic.Span, ""));
        }
    }
}
