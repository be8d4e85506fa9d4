using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>
/// A member that does not exist, where its place says what it must be like: how many arguments of which types it takes, and what it gives. What has that shape may be meant,
/// the name that has most in common first; which one it is the tests decide.
/// </summary>
internal sealed class MemberShapeRule : ICSharpRule
{
    private const int MaxCandidates = 10;
    private static readonly HashSet<string> OfAll = ["Equals", "GetHashCode", "GetType", "ReferenceEquals", "MemberwiseClone", "Finalize", "ToString"];

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1061", "CS0117", "CS1929") || NameUse.At(fault, token) is not { IsMember: true, Container: ITypeSymbol and not IErrorTypeSymbol } use)
            return [];
        var place = (ExpressionSyntax?)use.Call ?? use.Name.Parent as ExpressionSyntax ?? use.Name;
        var wanted = place.Parent is ExpressionStatementSyntax or MemberAccessExpressionSyntax ? [] : TargetType.Of(fault.Model, place).Where(t => t.SpecialType != SpecialType.System_Object).ToList();
        var ofType = use.Receiver is { } receiver && fault.Model.GetSymbolInfo(receiver, token).Symbol is INamedTypeSymbol;
        return use.Reachable(fault).Where(s => s.Name != use.Text && s.IsStatic == ofType && !OfAll.Contains(s.Name) && Fits(fault, s, use, wanted))
            .GroupBy(s => s.Name).Select(g => (Name: g.Key, Cost: g.Min(s => 3.4 - Kinship(use.Text, s.Name) + (s is IMethodSymbol { IsExtensionMethod: true } ? 0.3 : 0))))
            .OrderBy(n => n.Cost).ThenBy(n => n.Name.Length).Take(MaxCandidates)
            .Select((n, i) => fault.Replace(use.Name.Identifier.Span, n.Name, $"{use.Text} -> {n.Name}", $"There is no '{use.Text}'; '{n.Name}' takes the same arguments and gives what is asked for here.", n.Cost + 0.05 * i) with { Invented = Kinship(use.Text, n.Name) < 1 });
    }

    private static bool Fits(CSharpFault fault, ISymbol symbol, NameUse use, List<ITypeSymbol> wanted) => symbol switch
    {
        IMethodSymbol method => use.Call is { } call && Takes(fault, method, call.ArgumentList.Arguments) && Gives(fault, method.ReturnType, wanted, call),
        IPropertySymbol property => use.Call is null && Gives(fault, property.Type, wanted, use.Name),
        IFieldSymbol field => use.Call is null && Gives(fault, field.Type, wanted, use.Name),
        _ => false,
    };

    private static bool Takes(CSharpFault fault, IMethodSymbol method, SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        if (method.Parameters.Length < arguments.Count || method.Parameters.Skip(arguments.Count).Any(p => !p.IsOptional && !p.IsParams))
            return false;
        return arguments.Zip(method.Parameters).All(p => p.First.Expression switch
        {
            LambdaExpressionSyntax lambda => p.Second.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } && invoke.Parameters.Length == Count(lambda),
            var value => fault.Model.GetTypeInfo(value).Type is not { } given || Open(p.Second.Type) || fault.Compilation.HasImplicitConversion(given, p.Second.Type),
        });
    }

    private static bool Gives(CSharpFault fault, ITypeSymbol type, List<ITypeSymbol> wanted, ExpressionSyntax place) =>
        (type.SpecialType != SpecialType.System_Void || place.Parent is ExpressionStatementSyntax)
        && (wanted.Count == 0 || Open(type) || wanted.Exists(w => fault.Compilation.HasImplicitConversion(type, w)));

    // A type parameter, or a type made of one: only the compiler knows what it becomes.
    private static bool Open(ITypeSymbol type) => type is ITypeParameterSymbol || type is INamedTypeSymbol named && named.TypeArguments.Any(Open) || type is IArrayTypeSymbol array && Open(array.ElementType);

    private static int Count(LambdaExpressionSyntax lambda) => lambda is ParenthesizedLambdaExpressionSyntax many ? many.ParameterList.Parameters.Count : 1;

    // The same word in both, one's letters all in the other in order (SquareRoot, Sqrt), the same beginning.
    private static double Kinship(string wrong, string right)
    {
        var words = Words(wrong).Intersect(Words(right), StringComparer.OrdinalIgnoreCase).Any();
        return words ? 1.2 : right.Length > 2 && (IsWithin(right, wrong) || IsWithin(wrong, right)) ? 1 : char.ToUpperInvariant(wrong[0]) == right[0] ? 0.3 : 0;
    }

    private static bool IsWithin(string few, string many)
    {
        var at = 0;
        foreach (var c in many)
            at += at < few.Length && char.ToUpperInvariant(few[at]) == char.ToUpperInvariant(c) ? 1 : 0;
        return at == few.Length;
    }

    private static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && !char.IsUpper(name[i]) && name[i] != '_')
                continue;
            if (i - start > 2)
                yield return name[start..i].Trim('_');
            start = i;
        }
    }
}
