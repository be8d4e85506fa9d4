using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Platform.Validation;

/// <summary>
/// Rules of our own for C#, where the CA rules are blind: they go by names, so they also work on types that are not referenced. A weakness that a CA rule describes
/// is reported under its id.
/// </summary>
internal static class CSharpRules
{
    private static readonly HashSet<string> UnsafeReads = ["UnsafeDeserialize", "UnsafeDeserializeMethodResponse", "DeserializeMethodResponse"];
    private static readonly HashSet<string> Callbacks = ["ServerCertificateCustomValidationCallback", "ServerCertificateValidationCallback", "RemoteCertificateValidationCallback", "CertificateValidationCallback"];
    private static readonly string[] Guessable = ["token", "password", "secret", "nonce", "salt", "otp", "apikey", "sessionid", "resetcode", "csrf"];

    public static IEnumerable<SecurityFinding> Find(SyntaxTree tree, SemanticModel model, CancellationToken token)
    {
        var values = new CSharpValues(model, token);
        foreach (var node in tree.GetRoot(token).DescendantNodes())
        {
            var found = node switch
            {
                InvocationExpressionSyntax call => OnCall(call, values).Concat(CSharpEndpoints.Find(call)),
                BaseObjectCreationExpressionSyntax creation => OnCreation(creation, values),
                AssignmentExpressionSyntax assignment => OnAssignment(assignment, values),
                MemberAccessExpressionSyntax { Name.Identifier.Text: "DangerousAcceptAnyServerCertificateValidator" } => [At("CA5359", node, "Every certificate is accepted: anyone on the way can read and change what is sent.")],
                _ => [],
            };
            foreach (var finding in found)
                yield return finding;
        }
    }

    /// <summary>A finding at a node.</summary>
    public static SecurityFinding At(string rule, SyntaxNode node, string? message = null, SecuritySeverity? severity = null) =>
        SecurityRules.Find(rule).At(node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, message, severity);

    private static IEnumerable<SecurityFinding> OnCall(InvocationExpressionSyntax call, CSharpValues values)
    {
        var (name, arguments) = (CSharpValues.NameOf(call.Expression), call.ArgumentList.Arguments);
        foreach (var found in CSharpSql.OnCall(call, name, values))
            yield return found;
        if (IsFormatterRead(call, name, values))
            yield return At("CA2300", call, "The method 'BinaryFormatter." + name + "' is insecure when deserializing untrusted data.");
        if (name == "Start" && CSharpValues.ReceiverOf(call) is "Process" or "System.Diagnostics.Process" && arguments.Count > 1)
            foreach (var found in OnProgram(call, arguments, values))
                yield return found;
        if (name is "EvaluateAsync" or "RunAsync" or "Create" && CSharpValues.ReceiverOf(call) == "CSharpScript" && arguments.Count > 0 && !values.Fixed(arguments[0].Expression))
            yield return At("SEC105", call);
        if (name is "CompileAssemblyFromSource" or "CompileAssemblyFromFile")
            yield return At("SEC105", call);
        if (name == "Raw" && CSharpValues.ReceiverOf(call) is "Html" or "html" && arguments is [var raw] && !values.Fixed(raw.Expression))
            yield return At("SEC109", call);
        if (name == "AllowCredentials" && (call.Expression.ToString() is var chain && (chain.Contains("AllowAnyOrigin", StringComparison.Ordinal) || chain.Contains("SetIsOriginAllowed(_ => true)", StringComparison.Ordinal))))
            yield return At("SEC107", call);
        if (name is "Next" or "NextBytes" or "NextInt64" or "NextDouble" or "GetItems" && values.IsRandom(call) && MustNotBeGuessed(call))
            yield return At("SEC106", call);
    }

    private static IEnumerable<SecurityFinding> OnCreation(BaseObjectCreationExpressionSyntax creation, CSharpValues values)
    {
        var type = values.TypeName(creation);
        var arguments = creation.ArgumentList?.Arguments ?? default;
        foreach (var found in CSharpSql.OnCreation(creation, type, arguments, values))
            yield return found;
        if (type == "ProcessStartInfo" && arguments.Count > 1)
            foreach (var found in OnProgram(creation, arguments, values))
                yield return found;
        if (type is "HtmlString" or "MarkupString" && arguments is [var html] && !values.Fixed(html.Expression))
            yield return At("SEC109", creation);
    }

    private static IEnumerable<SecurityFinding> OnAssignment(AssignmentExpressionSyntax assignment, CSharpValues values)
    {
        var (name, value) = (CSharpValues.NameOf(assignment.Left), assignment.Right);
        foreach (var found in CSharpSql.OnAssignment(assignment, name, values))
            yield return found;
        if (Callbacks.Contains(name) && CSharpValues.AlwaysTrue(value))
            yield return At("CA5359", assignment, "Every certificate is accepted: anyone on the way can read and change what is sent.");
        if (name == "Arguments" && values.Built(value) && NearShell(assignment))
            yield return At("SEC102", assignment);
        else if (name == "Arguments" && values.Built(value))
            yield return At("SEC102", assignment, severity: SecuritySeverity.Medium);
        if (name == "XmlResolver" && value is BaseObjectCreationExpressionSyntax created && values.TypeName(created) == "XmlUrlResolver")
            yield return At("SEC104", assignment, severity: SecuritySeverity.Medium);
        if (name == "DtdProcessing" && CSharpValues.NameOf(value) == "Parse")
            yield return At("SEC104", assignment);
        if (name == "SignatureValidator" && value is LambdaExpressionSyntax { ExpressionBody: BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax })
            yield return At("SEC108", assignment);
    }

    private static IEnumerable<SecurityFinding> OnProgram(SyntaxNode node, SeparatedSyntaxList<ArgumentSyntax> arguments, CSharpValues values)
    {
        var shell = values.Text(arguments[0].Expression) is { } program && CSharpValues.IsShell(program);
        if (shell ? !values.Fixed(arguments[1].Expression) : values.Built(arguments[1].Expression))
            yield return At("SEC102", node, severity: shell ? null : SecuritySeverity.Medium);
    }

    private static bool NearShell(SyntaxNode assignment) =>
        assignment.Ancestors().FirstOrDefault(a => a is BlockSyntax or InitializerExpressionSyntax or CompilationUnitSyntax)?.DescendantNodes().OfType<LiteralExpressionSyntax>().Any(l => CSharpValues.IsShell(l.Token.ValueText)) == true;

    private static bool IsFormatterRead(InvocationExpressionSyntax call, string name, CSharpValues values) =>
        (UnsafeReads.Contains(name) || (name == "Deserialize" && call.ArgumentList.Arguments.Count > 1)) && call.Expression is MemberAccessExpressionSyntax access && values.TypeOf(access.Expression) == "BinaryFormatter";

    private static bool MustNotBeGuessed(SyntaxNode call)
    {
        var near = call.Ancestors().FirstOrDefault(a => a is StatementSyntax or MemberDeclarationSyntax);
        var member = call.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault()?.Identifier.Text ?? "";
        var names = (near?.DescendantTokens().Where(t => t.IsKind(SyntaxKind.IdentifierToken)).Select(t => t.Text) ?? []).Append(member);
        return names.Any(n => Guessable.Any(g => n.Replace("_", "").Contains(g, StringComparison.OrdinalIgnoreCase)));
    }
}
