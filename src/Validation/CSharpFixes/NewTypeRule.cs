using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>A new object or array whose type is not said: <c>var x = new();</c>, <c>var x = { 1, 2 };</c>. How it is used says what it is.</summary>
internal sealed class NewTypeRule : ICSharpRule
{
    private const int MaxCandidates = 10;
    private const string Why = "Neither side says which type is made; how the variable is used does.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0820", "CS0622", "CS0623", "CS1925", "CS0846"))
            return Values(fault);
        return fault.Is("CS8754") && fault.Node.FirstAncestorOrSelf<ImplicitObjectCreationExpressionSyntax>() is { } made ? Made(fault, made) : [];
    }

    private static IEnumerable<FixCandidate> Values(CSharpFault fault)
    {
        var list = fault.Node.DescendantNodesAndSelf().OfType<InitializerExpressionSyntax>().Concat(fault.Node.AncestorsAndSelf().OfType<VariableDeclaratorSyntax>().Select(v => v.Initializer?.Value).OfType<InitializerExpressionSyntax>()).FirstOrDefault();
        if (list is null)
            yield break;
        const string why = "Braces alone are no value; an array, or a new list, is made of what stands between them.";
        if (fault.Is("CS0820"))
            yield return fault.Insert(list.SpanStart, list.Expressions.FirstOrDefault() is InitializerExpressionSyntax ? "new[,] " : "new[] ", "an array of them", why, 0.8);
        if (list.Expressions.All(e => e is not InitializerExpressionSyntax and not AssignmentExpressionSyntax))
            yield return fault.Replace(list, $"[{list.Expressions}]", "{ } -> [ ]", why, 0.9);
        yield return fault.Insert(list.SpanStart, "new() ", "a new collection of them", why, 1);
    }

    private static IEnumerable<FixCandidate> Made(CSharpFault fault, ImplicitObjectCreationExpressionSyntax made)
    {
        var uses = made.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } && variable.FirstAncestorOrSelf<BlockSyntax>() is { } block
            ? block.DescendantNodes().OfType<IdentifierNameSyntax>().Where(n => n.Identifier.Text == variable.Identifier.Text).ToList() : [];
        // A static member of its type, say, or the type written elsewhere in the file.
        var types = uses.SelectMany(u => Asked(fault, u)).Select(t => fault.Write(t, made.SpanStart)).Concat(Shapes(fault, uses));
        foreach (var (type, i) in types.Distinct().Take(MaxCandidates).Select((t, i) => (t, i)))
            yield return fault.Insert(made.NewKeyword.Span.End, " " + type, $"new {type}", Why, 1 + 0.1 * i);
    }

    private static IEnumerable<ITypeSymbol> Asked(CSharpFault fault, IdentifierNameSyntax use) =>
        use.Parent is MemberAccessExpressionSyntax or BinaryExpressionSyntax ? [] : TargetType.Of(fault.Model, use).Select(Concrete).OfType<ITypeSymbol>().Where(t => !t.IsAbstract && t is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } and not IErrorTypeSymbol && t.SpecialType == SpecialType.None);

    private static ITypeSymbol? Concrete(ITypeSymbol type) => type.TypeKind == TypeKind.Interface ? null : type;

    private static IEnumerable<string> Shapes(CSharpFault fault, List<IdentifierNameSyntax> uses)
    {
        var names = uses.Select(u => u.Parent is MemberAccessExpressionSyntax access && access.Expression == u ? access.Name.Identifier.Text : u.Parent is ElementAccessExpressionSyntax ? "[]" : "").ToHashSet(StringComparer.Ordinal);
        var given = uses.Select(u => u.Parent?.Parent as InvocationExpressionSyntax).OfType<InvocationExpressionSyntax>().Where(c => c.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Add" or "Enqueue" or "Push" or "Contains" or "ContainsKey" or "TryGetValue" or "TryAdd" or "Insert" or "AddLast" })
            .Select(c => c.ArgumentList.Arguments.Select(a => Written(fault, a.Expression)).ToList()).ToList();
        var indexed = uses.Select(u => u.Parent).OfType<ElementAccessExpressionSyntax>().Where(e => e.ArgumentList.Arguments.Count == 1).ToList();
        var keys = indexed.Select(e => Written(fault, e.ArgumentList.Arguments[0].Expression)).Concat(given.Where(g => g.Count > 0).Select(g => g[0])).OfType<string>().Distinct().ToList();
        var stored = indexed.Select(e => e.Parent).OfType<AssignmentExpressionSyntax>().Select(a => Written(fault, a.Right)).Concat(given.Where(g => g.Count == 2).Select(g => g[1])).OfType<string>().Append("int").Append("string").Distinct().ToList();
        var elements = given.Where(g => g.Count == 1).Select(g => g[0]).OfType<string>().Append("int").Append("string").Distinct().ToList();
        // What the method gives back, or a parameter asks for, as a sequence of something.
        var asked = uses.Where(u => u.Parent is not MemberAccessExpressionSyntax).SelectMany(u => TargetType.Of(fault.Model, u)).OfType<INamedTypeSymbol>().Where(t => t.TypeKind == TypeKind.Interface).ToList();
        foreach (var type in asked.Where(t => t.Arity == 2))
            yield return $"Dictionary<{string.Join(", ", type.TypeArguments.Select(a => fault.Write(a)))}>";
        foreach (var type in asked.Where(t => t.Arity == 1))
            yield return $"{(type.Name.Contains("Set", StringComparison.Ordinal) ? "HashSet" : "List")}<{fault.Write(type.TypeArguments[0])}>";
        if (names.Overlaps(["Append", "AppendLine"]))
            yield return "StringBuilder";
        if (names.Overlaps(["Next", "NextDouble"]))
            yield return "Random";
        foreach (var (member, type) in new[] { ("Enqueue", "Queue"), ("Push", "Stack"), ("AddLast", "LinkedList") })
        {
            foreach (var element in names.Contains(member) ? elements.Take(3) : [])
                yield return $"{type}<{element}>";
        }
        foreach (var key in names.Overlaps(["ContainsKey", "TryGetValue", "Keys", "TryAdd"]) || keys.Any(k => k is not "int") && names.Contains("[]") ? keys.Take(3) : [])
        {
            foreach (var value in stored.Take(3))
                yield return $"Dictionary<{key}, {value}>";
        }
        foreach (var own in Fitting(fault, names))
            yield return own;
        foreach (var element in elements.Take(3))
            yield return $"List<{element}>";
        foreach (var element in names.Contains("Contains") ? elements.Take(2) : [])
            yield return $"HashSet<{element}>";
    }

    // Types of the file that have all members which are used.
    private static IEnumerable<string> Fitting(CSharpFault fault, HashSet<string> names) =>
        fault.Root.DescendantNodes().OfType<TypeDeclarationSyntax>().Where(t => t is ClassDeclarationSyntax or RecordDeclarationSyntax or StructDeclarationSyntax && !Modifiers.Has(t, "static") && !Modifiers.Has(t, "abstract"))
            .Select(t => fault.Model.GetDeclaredSymbol(t)).OfType<INamedTypeSymbol>()
            .Where(t => names.Where(n => n.Length > 0 && n != "[]").ToList() is { Count: > 0 } used && used.All(n => t.GetMembers(n).Length > 0)).Select(t => fault.Write(t)).Take(3);

    private static string? Written(CSharpFault fault, ExpressionSyntax value) =>
        fault.Model.GetTypeInfo(value).Type is { } type and not IErrorTypeSymbol && type.SpecialType != SpecialType.System_Void ? fault.Write(type) : null;
}
