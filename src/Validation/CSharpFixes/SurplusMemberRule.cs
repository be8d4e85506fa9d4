using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>A member or call at the end of a value that has none of that name and needs none: <c>.Result</c> of what is no task, <c>.collect()</c>, <c>.Value</c>.</summary>
internal sealed class SurplusMemberRule : ICSharpRule
{
    private const int MaxLinks = 3;
    // What other languages, and asynchronous code, hang on a value.
    private static readonly HashSet<string> Usual = new(StringComparer.OrdinalIgnoreCase)
    {
        "Result", "GetAwaiter", "Wait", "Value", "get", "unwrap", "collect", "iter", "into_iter", "stream", "clone", "to_string", "to_s", "AsEnumerable", "ToEnumerable", "await", "items", "entries", "values", "ConfigureAwait", "Object", "Data",
    };

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS1061", "CS1929") || NameUse.At(fault, token) is not { Receiver: { } receiver } use || fault.Model.GetTypeInfo(receiver, token).Type is not { } type || type is IErrorTypeSymbol)
            yield break;
        ExpressionSyntax end = use.Name.Parent as ExpressionSyntax ?? use.Name;
        for (var links = 0; links < MaxLinks; links++)
        {
            if (end.Parent is InvocationExpressionSyntax call && call.Expression == end)
                end = call;
            var wanted = TargetType.Of(fault.Model, end).ToList();
            var fits = wanted.Count == 0 || wanted.Exists(w => fault.Compilation.HasImplicitConversion(type, w));
            if (end.Parent is not ExpressionStatementSyntax || receiver is InvocationExpressionSyntax)
                yield return fault.Replace(TextSpan.FromBounds(receiver.Span.End, end.Span.End), "", $"remove {fault.Text.ToString(TextSpan.FromBounds(receiver.Span.End, end.Span.End)).Trim()}", $"The value has no '{use.Text}' and is what is needed without it.", (Usual.Contains(use.Text) ? 1.1 : 2.4) + (fits ? 0 : 0.8) + 0.1 * links) with { Invented = !Usual.Contains(use.Text) || links > 0 || end is InvocationExpressionSyntax { ArgumentList.Arguments.Count: > 0 } };
            if (end.Parent is not MemberAccessExpressionSyntax next || next.Expression != end)
                yield break;
            end = next;
        }
    }
}
