using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A type that is made from values it has no constructor for, or whose constructor's values are read as if it were a record.</summary>
internal sealed class ConstructorRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token) => fault.Id switch
    {
        "CS1729" or "CS1739" => Missing(fault),
        "CS1061" or "CS0117" or "CS0122" => Record(fault),
        _ => [],
    };

    private static IEnumerable<FixCandidate> Missing(CSharpFault fault)
    {
        if (fault.Node.FirstAncestorOrSelf<BaseObjectCreationExpressionSyntax>() is not { ArgumentList.Arguments: { Count: > 0 } arguments } made
            || fault.Model.GetTypeInfo(made).Type is not INamedTypeSymbol type || fault.Declarations(type).OfType<TypeDeclarationSyntax>().FirstOrDefault() is not { } declaration)
            yield break;
        var given = arguments.Select(a => (fault.Model.GetTypeInfo(a.Expression).Type, Name: a.NameColon?.Name.Identifier.Text ?? (a.Expression as IdentifierNameSyntax)?.Identifier.Text ?? "")).ToList();
        var open = Stored(declaration, type).ToList();
        var chosen = new List<(ISymbol Member, ITypeSymbol Type)>();
        foreach (var (from, name) in given)
        {
            var fit = open.Where(m => from is null || fault.Compilation.ClassifyConversion(from, TypeOf(m)).IsImplicit).OrderBy(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? 0 : 1).FirstOrDefault();
            if (fit is null)
                yield break;
            open.Remove(fit);
            chosen.Add((fit, TypeOf(fit)));
        }
        if (declaration.OpenBraceToken.IsMissing || declaration.OpenBraceToken.Span.Length == 0)
            yield break;
        var parameters = string.Join(", ", chosen.Select(c => $"{c.Type.ToMinimalDisplayString(fault.ModelOf(declaration), declaration.OpenBraceToken.SpanStart)} {Parameter(c.Member.Name)}"));
        var body = string.Join(" ", chosen.Select(c => $"this.{c.Member.Name} = {Parameter(c.Member.Name)};"));
        var last = declaration.Members.LastOrDefault(m => m is FieldDeclarationSyntax or PropertyDeclarationSyntax)?.FullSpan.End ?? declaration.OpenBraceToken.Span.End;
        yield return fault.Change(declaration.SyntaxTree, $"add a constructor to {type.Name}", "The type is made from these values and had no constructor that takes them; this one keeps each of them.", 2,
            new TextChange(new TextSpan(last, 0), $"\n    public {type.Name}({parameters}) {{ {body} }}\n"));
    }

    // Properties without a value of their own and fields, in the order in which they stand.
    private static IEnumerable<ISymbol> Stored(TypeDeclarationSyntax declaration, INamedTypeSymbol type) =>
        declaration.Members.SelectMany(m => m switch
        {
            PropertyDeclarationSyntax { Initializer: null, AccessorList: { } list } p when list.Accessors.All(a => a.Body is null && a.ExpressionBody is null) => [p.Identifier.Text],
            FieldDeclarationSyntax f when !Modifiers.Has(f, "const") => f.Declaration.Variables.Where(v => v.Initializer is null).Select(v => v.Identifier.Text),
            _ => Array.Empty<string>(),
        }).Select(name => type.GetMembers(name).FirstOrDefault()).OfType<ISymbol>().Where(m => !m.IsStatic);

    private static ITypeSymbol TypeOf(ISymbol member) => member is IPropertySymbol property ? property.Type : ((IFieldSymbol)member).Type;

    private static string Parameter(string member) => member.TrimStart('_') is { Length: > 0 } bare ? Escaped(char.ToLowerInvariant(bare[0]) + bare[1..]) : member;

    private static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static IEnumerable<FixCandidate> Record(CSharpFault fault)
    {
        if (NameUse.At(fault, default) is not { IsMember: true, Container: INamedTypeSymbol type } use)
            yield break;
        foreach (var declared in fault.Declarations(type).OfType<TypeDeclarationSyntax>().Where(d => d is ClassDeclarationSyntax or StructDeclarationSyntax && d.ParameterList?.Parameters.Any(p => p.Identifier.Text == use.Text) == true))
            yield return fault.Change(declared.SyntaxTree, $"{declared.Keyword} -> record", $"'{use.Text}' is a parameter of {declared.Identifier}; only a record makes a property of it.", 0.8, new TextChange(declared.Keyword.Span, declared is StructDeclarationSyntax ? "record struct" : "record"));
    }
}
