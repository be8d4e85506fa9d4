using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A variable, out parameter or field that is read, or left, before it has a value.</summary>
internal sealed class InitialValueRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS0165", "CS0818", "CS0145", "CS8174", "CS0170"))
            return Local(fault);
        if (fault.Is("CS0177", "CS0269"))
            return Parameter(fault);
        return fault.Is("CS0841") ? Moved(fault) : [];
    }

    private static IEnumerable<FixCandidate> Local(CSharpFault fault)
    {
        var name = fault.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is { Initializer: null } own ? own
            : fault.Declarations(fault.Model.GetSymbolInfo(fault.Node).Symbol).OfType<VariableDeclaratorSyntax>().FirstOrDefault();
        if (name?.Parent is not VariableDeclarationSyntax declaration || name.Initializer is not null)
            yield break;
        var type = fault.Model.GetTypeInfo(declaration.Type).Type;
        if (type is null or IErrorTypeSymbol || declaration.Type.IsVar)
            yield break;
        foreach (var (value, i) in Values.Neutral(fault, type, name.SpanStart).Concat(More(type, fault)).Select((v, i) => (v, i)))
            yield return fault.Insert(name.Span.End, $" = {value}", $"start {name.Identifier} at {value}", $"'{name.Identifier}' could be read before anything was assigned to it; it now begins with {value}.", 1.4 + 0.4 * i);
    }

    private static IEnumerable<string> More(ITypeSymbol type, CSharpFault fault) =>
        Conversions.IsNumber(type) ? [$"{fault.Write(type)}.MaxValue", $"{fault.Write(type)}.MinValue"] : [];

    private static IEnumerable<FixCandidate> Parameter(CSharpFault fault)
    {
        var name = fault.Quoted(0);
        var body = fault.Node.AncestorsAndSelf().Select(n => n switch { BaseMethodDeclarationSyntax m => m.Body, LocalFunctionStatementSyntax l => l.Body, _ => null }).FirstOrDefault(b => b is not null);
        var parameter = body is null ? null : fault.Model.LookupSymbols(body.OpenBraceToken.Span.End, name: name).OfType<IParameterSymbol>().FirstOrDefault();
        if (parameter is null)
            yield break;
        var indent = body!.Statements.FirstOrDefault() is { } first ? first.GetLeadingTrivia().ToString().Split('\n')[^1] : "    ";
        foreach (var (value, i) in Values.Neutral(fault, parameter.Type, body.SpanStart).Prepend(parameter.Type.IsReferenceType ? "null!" : "default").Distinct().Select((v, i) => (v, i)))
            yield return fault.Insert(body.OpenBraceToken.Span.End, $"\n{indent}{name} = {value};", $"start {name} at {value}", $"The out parameter '{name}' must have a value on every way out of the method.", 1.5 + 0.3 * i);
        foreach (var declared in fault.Declarations(parameter).OfType<ParameterSyntax>())
        {
            foreach (var word in declared.Modifiers.Where(m => m.Text == "out"))
                yield return fault.Replace(word.Span, "ref", "out -> ref", "A ref parameter brings a value in and need not be assigned.", 2.5);
        }
    }

    // Used above its declaration: the declaration moves up to the statement that needs it.
    private static IEnumerable<FixCandidate> Moved(CSharpFault fault)
    {
        var user = fault.Node.FirstAncestorOrSelf<StatementSyntax>();
        var symbol = fault.Model.GetSymbolInfo(fault.Node).Symbol ?? fault.Model.GetSymbolInfo(fault.Node).CandidateSymbols.FirstOrDefault();
        foreach (var statement in fault.Declarations(symbol).Select(d => d.FirstAncestorOrSelf<LocalDeclarationStatementSyntax>()).OfType<LocalDeclarationStatementSyntax>())
        {
            for (var home = user; home is not null; home = home.Parent?.FirstAncestorOrSelf<StatementSyntax>())
            {
                if (home.Parent != statement.Parent || home == statement)
                    continue;
                yield return fault.Change(fault.Tree, "move the declaration up", "A local variable exists only below its declaration.", 2, new TextChange(new TextSpan(home.FullSpan.Start, 0), statement.ToFullString()), new TextChange(statement.FullSpan, ""));
                yield return fault.Change(fault.Tree, "move the use down", "A local variable exists only below its declaration.", 2.1, new TextChange(new TextSpan(statement.FullSpan.End, 0), home.ToFullString()), new TextChange(home.FullSpan, ""));
            }
        }
    }
}
