using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Objects made without what they require, and structs or records whose constructors leave something out.</summary>
internal sealed class RequiredMemberRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS8862", "CS1729", "CS7036") && fault.Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { } constructor && constructor.Initializer is null)
        {
            foreach (var candidate in Chained(fault, constructor))
                yield return candidate;
        }
        if (!fault.Is("CS9035", "CS9036", "CS9039", "CS9040"))
            yield break;
        if (fault.Node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is { } made && (fault.Model.GetTypeInfo(made).Type ?? fault.Model.GetTypeInfo(made).ConvertedType) is INamedTypeSymbol type)
        {
            var set = made.Initializer?.Expressions.OfType<AssignmentExpressionSyntax>().Select(a => a.Left.ToString()).ToHashSet() ?? [];
            var missing = Members(type).Where(m => m.Required && !set.Contains(m.Name)).ToList();
            var texts = missing.Select(m => $"{m.Name} = {Values.For(fault, m.Type, made.SpanStart, m.Name).First().Text}").ToList();
            const string why = "The type requires these members to be set when a value of it is made.";
            if (texts.Count > 0)
                yield return made.Initializer is { } old
                    ? fault.Insert(old.Expressions.Count == 0 ? old.OpenBraceToken.Span.End : old.Expressions.Last().Span.End, (old.Expressions.Count == 0 ? " " : ", ") + string.Join(", ", texts), "set the required members", why, 2)
                    : fault.Insert(made.Span.End, $" {{ {string.Join(", ", texts)} }}", "set the required members", why, 2);
        }
        foreach (var property in fault.Compilation.SyntaxTrees.Where(fault.IsOwn).SelectMany(t => t.GetRoot().DescendantNodes().OfType<MemberDeclarationSyntax>()).Where(m => Modifiers.Has(m, "required")).Take(4))
            yield return fault.Change(property.SyntaxTree, "remove required", "Values of the type are made without this member, so it is not required.", 2.4, Modifiers.Remove(property, "required"));
    }

    // A constructor beside a primary one, or of a type whose base needs arguments, hands on what it got.
    private static IEnumerable<FixCandidate> Chained(CSharpFault fault, ConstructorDeclarationSyntax constructor)
    {
        var own = constructor.ParameterList.Parameters.Select(p => p.Identifier.Text).ToList();
        var type = fault.Model.GetDeclaredSymbol(constructor)?.ContainingType;
        var word = fault.Is("CS8862") ? "this" : "base";
        foreach (var target in (word == "this" ? type : type?.BaseType)?.InstanceConstructors.Where(c => c.Parameters.Length > 0).Take(3) ?? [])
        {
            var values = target.Parameters.Select(p => own.FirstOrDefault(o => o.Equals(p.Name, StringComparison.OrdinalIgnoreCase)) ?? Values.For(fault, p.Type, constructor.Body?.OpenBraceToken.Span.End ?? constructor.Span.End, p.Name).First().Text);
            var why = $"The {(word == "this" ? "primary constructor" : "base class")} has no constructor without arguments, so its values are handed on.";
            yield return fault.Insert(constructor.ParameterList.Span.End, $" : {word}({string.Join(", ", values)})", $"hand on to {word}(...)", why, 1.4);
            // Sisters that hand on a literal of their own name set the example.
            foreach (var text in target.Parameters is [{ Type.SpecialType: SpecialType.System_String }] ? Named(fault, constructor.Identifier.Text) : [])
                yield return fault.Insert(constructor.ParameterList.Span.End, $" : {word}({text})", $"hand on {text}", why, 1.2);
        }
    }

    private static IEnumerable<string> Named(CSharpFault fault, string name)
    {
        foreach (var sister in fault.Root.DescendantNodes().OfType<ConstructorInitializerSyntax>())
        {
            if (sister.Parent is ConstructorDeclarationSyntax { Identifier.Text: var other } && sister.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax { Token.Value: string text } }])
            {
                if (text == other)
                    yield return $"\"{name}\"";
                else if (text.Equals(other, StringComparison.OrdinalIgnoreCase))
                    yield return $"\"{name.ToLowerInvariant()}\"";
            }
        }
    }

    private static IEnumerable<(string Name, ITypeSymbol Type, bool Required)> Members(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            foreach (var member in t.GetMembers())
            {
                if (member is IPropertySymbol property)
                    yield return (property.Name, property.Type, property.IsRequired);
                else if (member is IFieldSymbol field)
                    yield return (field.Name, field.Type, field.IsRequired);
            }
        }
    }
}
