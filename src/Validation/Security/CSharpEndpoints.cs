using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>Minimal API handlers, whose parameters come from the request: the CA rules follow values from controllers only.</summary>
internal static class CSharpEndpoints
{
    private static readonly HashSet<string> Maps = ["MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods"];
    private static readonly HashSet<string> FileTypes = ["File", "System.IO.File", "Directory", "System.IO.Directory"];
    private static readonly HashSet<string> Cleaners = ["GetFileName", "Parse", "TryParse", "HtmlEncode", "UrlEncode", "EscapeDataString", "IsLocalUrl"];
    private static readonly HashSet<string> Texts = ["string", "string?", "String", "IFormFile"];

    public static IEnumerable<SecurityFinding> Find(InvocationExpressionSyntax map)
    {
        if (!Maps.Contains(CSharpValues.NameOf(map.Expression)) || map.ArgumentList.Arguments.Select(a => a.Expression).OfType<ParenthesizedLambdaExpressionSyntax>().FirstOrDefault() is not { } handler)
            yield break;
        var outside = handler.ParameterList.Parameters.Where(p => Texts.Contains(p.Type?.ToString() ?? "")).Select(p => p.Identifier.Text).ToHashSet();
        foreach (var local in handler.Body.DescendantNodes().OfType<VariableDeclaratorSyntax>().Where(v => v.Initializer is { } i && Mentions(i.Value, outside)))
            outside.Add(local.Identifier.Text);
        foreach (var call in handler.Body.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Where(c => c.ArgumentList.Arguments.Any(a => Mentions(a.Expression, outside))))
        {
            var (name, receiver) = (CSharpValues.NameOf(call.Expression), CSharpValues.ReceiverOf(call));
            if (FileTypes.Contains(receiver) && name is not ("Exists" or "WriteAllText" or "AppendAllText") || name == "PhysicalFile")
                yield return CSharpRules.At("SEC110", call);
            else if (FileTypes.Contains(receiver) && name is "WriteAllText" or "AppendAllText" && Mentions(call.ArgumentList.Arguments[0].Expression, outside))
                yield return CSharpRules.At("SEC110", call);
            if (name == "Redirect" && receiver is "Results" or "TypedResults")
                yield return CSharpRules.At("SEC111", call);
        }
        foreach (var created in handler.Body.DescendantNodesAndSelf().OfType<ObjectCreationExpressionSyntax>().Where(c => c.Type.ToString() is "FileStream" or "StreamReader" or "StreamWriter" && c.ArgumentList?.Arguments.Count > 0 && Mentions(c.ArgumentList.Arguments[0].Expression, outside)))
            yield return CSharpRules.At("SEC110", created);
    }

    private static bool Mentions(ExpressionSyntax expression, HashSet<string> names) =>
        expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => names.Contains(n.Identifier.Text))
        && !expression.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Any(c => Cleaners.Contains(CSharpValues.NameOf(c.Expression)));
}
