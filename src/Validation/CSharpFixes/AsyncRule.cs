using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>async, await and Task that do not go together.</summary>
internal sealed class AsyncRule : ICSharpRule
{
    private const string Why = "await needs an async method, and an async method gives its value back inside a Task.";

    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS4032", "CS4033", "CS4034", "CS1983", "CS1997", "CS4016", "CS4008", "CS1061", "CS0029", "CS0103", "CS0019", "CS1503", "CS1994", "CS4014", "CS8100", "CS0127", "CS4010", "CS8411", "CS8414", "CS8415", "CS8417", "CS1579", "CS0030", "CS4001", "CS4003", "CS0161", "CS1002", "CS8410", "CS8418", "CS0428"))
            yield break;
        var header = Header.Around(fault.Node);
        if (header is not null && fault.Is("CS4032", "CS4033", "CS4034", "CS1983", "CS0103", "CS4016", "CS1997", "CS0029", "CS1994", "CS0127", "CS4010", "CS4003"))
        {
            var result = header.Result?.ToString() ?? "";
            var isTask = result.StartsWith("Task", StringComparison.Ordinal) || result.StartsWith("ValueTask", StringComparison.Ordinal) || result.StartsWith("IAsyncEnumerable", StringComparison.Ordinal);
            var wrapped = result.Length == 0 || isTask ? result : result == "void" ? "Task" : $"Task<{result}>";
            var changes = new List<TextChange>();
            if (wrapped != result)
                changes.Add(new TextChange(header.Result!.Span, wrapped));
            if (!header.IsAsync)
                changes.Insert(0, new TextChange(new TextSpan(header.AsyncAt, 0), "async "));
            if (changes.Count > 0)
                yield return fault.Change(fault.Tree, header.IsAsync ? $"{result} -> {wrapped}" : wrapped == result ? "add async" : $"add async, {result} -> {wrapped}", Why, 0.9 + 0.3 * (changes.Count - 1), changes);
            if (result == "void" && !header.IsAsync)
                yield return fault.Insert(header.AsyncAt, "async ", "add async", Why, 2);
            if (header.IsAsync && header.AsyncKeyword is { } word && fault.Is("CS4016", "CS1983", "CS0029", "CS1997", "CS1994", "CS4010"))
                yield return fault.Replace(TextSpan.FromBounds(word.SpanStart, word.GetNextToken().SpanStart), "", "remove async", "The method hands on a task and awaits nothing, so it needs no async.", 1.6);
            if (fault.Is("CS1997", "CS0127") && isTask && header.Result is { } task && fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>()?.Expression is { } value && fault.Model.GetTypeInfo(value).Type is { } given && given is not IErrorTypeSymbol)
                yield return fault.Replace(task, $"Task<{fault.Write(given)}>", $"Task -> Task<{fault.Write(given)}>", Why, 1);
            if (fault.Is("CS1997") && fault.Node.FirstAncestorOrSelf<ReturnStatementSyntax>() is { Expression: { } done } back)
                yield return fault.Replace(back, $"await {done};", "return -> await", "A method that gives Task back returns no value; the task is awaited.", 1.4);
        }
        foreach (var candidate in Await(fault, token))
            yield return candidate;
    }

    private static IEnumerable<FixCandidate> Await(CSharpFault fault, CancellationToken token)
    {
        if (fault.Is("CS4008", "CS1061", "CS4001", "CS4032", "CS4033", "CS0029", "CS8410", "CS8417", "CS8418", "CS8411", "CS8415"))
        {
            foreach (var wait in fault.Node.AncestorsAndSelf().OfType<AwaitExpressionSyntax>().Take(1).Concat(fault.Node.DescendantNodes().OfType<AwaitExpressionSyntax>().Take(1)))
                yield return fault.Replace(wait, wait.Expression.ToString(), "remove await", "What is awaited is not a task.", fault.Is("CS4032", "CS4033") ? 3 : 1.4);
            foreach (var word in fault.Node.AncestorsAndSelf().Select(n => n switch { ForEachStatementSyntax f => f.AwaitKeyword, UsingStatementSyntax u => u.AwaitKeyword, LocalDeclarationStatementSyntax l => l.AwaitKeyword, _ => default }).Where(t => t.Span.Length > 0).Take(1))
                yield return fault.Replace(TextSpan.FromBounds(word.SpanStart, word.GetNextToken().SpanStart), "", "remove await", "This is not asynchronous.", 1.2);
        }
        if (fault.Is("CS8414", "CS1579", "CS8418") && fault.Node.FirstAncestorOrSelf<CommonForEachStatementSyntax>() is { } loop && loop.AwaitKeyword.IsKind(SyntaxKind.None))
            yield return fault.Insert(loop.ForEachKeyword.SpanStart, "await ", "await foreach", "The elements come asynchronously.", 1);
        if (fault.Is("CS8418", "CS8410") && fault.Node.FirstAncestorOrSelf<StatementSyntax>() is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0, AwaitKeyword.RawKind: 0 } use)
            yield return fault.Insert(use.UsingKeyword.SpanStart, "await ", "await using", "It is disposed asynchronously.", 1);
        if (!fault.Is("CS0029", "CS0019", "CS1503", "CS0030", "CS0428", "CS4016"))
            yield break;
        // Any task inside the expression that nobody waits for.
        var expression = fault.Node.FirstAncestorOrSelf<ExpressionSyntax>();
        foreach (var call in expression?.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Where(i => i.Parent is not AwaitExpressionSyntax && Conversions.Inner(fault.Model.GetTypeInfo(i, token).Type, "Task", "ValueTask") is not null).Take(3) ?? [])
            yield return fault.Replace(call, call.Parent is MemberAccessExpressionSyntax ? $"(await {call})" : $"await {call}", "await it", "The call gives a task; await gives what is inside it.", 0.9);
    }
}

/// <summary>The header of a method, local function or lambda: where async stands or would stand, and its result type.</summary>
internal sealed record Header(int AsyncAt, SyntaxToken? AsyncKeyword, TypeSyntax? Result)
{
    public bool IsAsync => AsyncKeyword is not null;

    public static Header? Around(SyntaxNode node)
    {
        foreach (var outer in node.AncestorsAndSelf())
        {
            switch (outer)
            {
                case AnonymousFunctionExpressionSyntax f:
                    return new Header(f.SpanStart, f.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword) ? f.AsyncKeyword : null, null);
                case LocalFunctionStatementSyntax l:
                    return new Header(l.ReturnType.SpanStart, Find(l.Modifiers), l.ReturnType);
                case MethodDeclarationSyntax m:
                    return new Header(m.ReturnType.SpanStart, Find(m.Modifiers), m.ReturnType);
            }
        }
        return null;
    }

    private static SyntaxToken? Find(SyntaxTokenList modifiers) => modifiers.Any(SyntaxKind.AsyncKeyword) ? modifiers.First(m => m.IsKind(SyntaxKind.AsyncKeyword)) : null;
}
