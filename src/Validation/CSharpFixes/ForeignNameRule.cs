using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Names from other languages, or of another type: <c>len(x)</c>, <c>println</c>, <c>x.push(1)</c>, <c>Length</c> of a list, <c>HashMap</c>.</summary>
internal sealed class ForeignNameRule : ICSharpRule
{
    public IEnumerable<FixCandidate> Propose(CSharpFault fault, CancellationToken token)
    {
        if (!fault.Is("CS0103", "CS0117", "CS1061", "CS0246", "CS0234", "CS0426", "CS1955", "CS0305", "CS0308", "CS0019", "CS0428", "CS1503", "CS0023", "CS0201", "CS0118", "CS0119", "CS0144", "CS0712", "CS1929", "CS1525", "CS0029"))
            return [];
        if (NameUse.At(fault, token) is not { } use)
            return Functions(fault, fault.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>());
        return Members(fault, use).Concat(Accessors(fault, use)).Concat(Words(fault, use)).Concat(Functions(fault, use.Name.FirstAncestorOrSelf<InvocationExpressionSyntax>()));
    }

    private static IEnumerable<FixCandidate> Members(CSharpFault fault, NameUse use)
    {
        if (!use.IsMember || use.Container is not ITypeSymbol type)
            yield break;
        var wanted = ForeignNames.MembersLike(use.Text);
        foreach (var member in use.Reachable(fault).Where(s => wanted.Contains(s.Name)).DistinctBy(s => (s.Name, s.Kind)))
        {
            var why = $"'{type.Name}' has no '{use.Text}'; in C# the same thing is called '{member.Name}'.";
            var isMethod = member is IMethodSymbol;
            var changes = new List<TextChange> { new(use.Name.Identifier.Span, member.Name) };
            if (use.Call is { } call && !isMethod)
                changes.Add(new TextChange(call.ArgumentList.Span, ""));
            else if (use.Call is null && isMethod)
                changes.Add(new TextChange(new TextSpan(use.Name.Span.End, 0), "()"));
            if (use.Call is { ArgumentList.Arguments.Count: > 0 } && !isMethod)
                continue;
            yield return fault.Change(fault.Tree, $"{use.Text} -> {member.Name}", why, 1.5 + wanted.ToList().IndexOf(member.Name) * 0.05, changes);
        }
        if (use is { Call: { ArgumentList.Arguments.Count: 0 } ask, Receiver: { } many } && use.Text.Trim('_').Replace("_", "", StringComparison.Ordinal).ToLowerInvariant() is "isempty" or "empty" or "blank" or "isblank")
        {
            const string why = "C# asks for the number of elements, or whether there is any.";
            if (type.SpecialType == SpecialType.System_String || type is IArrayTypeSymbol)
                yield return fault.Replace(ask, $"{many}.Length == 0", $"{use.Text}() -> Length == 0", why, 1);
            else if (type.GetMembers("Count").OfType<IPropertySymbol>().Any() || type.AllInterfaces.Any(i => i.Name is "ICollection" or "IReadOnlyCollection"))
                yield return fault.Replace(ask, $"{many}.Count == 0", $"{use.Text}() -> Count == 0", why, 1);
            else if (Conversions.Element(fault, type) is not null)
                yield return fault.Replace(ask, $"!{many}.Any()", $"{use.Text}() -> !Any()", why, 1);
        }
        if (use.Call is { ArgumentList.Arguments: [var at] } get && use.Receiver is { } receiver && use.Text is "charAt" or "get" or "at" or "CharAt" or "Get" or "elementAt")
            yield return fault.Replace(get, $"{receiver}[{at}]", $"{use.Text}(i) -> [i]", "C# reads an element with square brackets.", 1.2);
    }

    // Java's x.getName() and x.setName(v), which are x.Name and x.Name = v.
    private static IEnumerable<FixCandidate> Accessors(CSharpFault fault, NameUse use)
    {
        if (use is not { Call: { ArgumentList.Arguments.Count: < 2 } call, Receiver: { } receiver } || use.Text.Length < 4)
            yield break;
        var sets = use.Text.StartsWith("set", StringComparison.OrdinalIgnoreCase);
        if (sets != (call.ArgumentList.Arguments.Count == 1) || !(sets || use.Text.StartsWith("get", StringComparison.OrdinalIgnoreCase)))
            yield break;
        var name = use.Text[3..].TrimStart('_');
        foreach (var property in use.Reachable(fault).Where(s => s is IPropertySymbol or IFieldSymbol && s.Name.TrimStart('_').Equals(name, StringComparison.OrdinalIgnoreCase)).DistinctBy(s => s.Name))
        {
            var text = $"{receiver}.{property.Name}" + (sets ? $" = {call.ArgumentList.Arguments[0]}" : "");
            yield return fault.Replace(call, text, $"{use.Text}(...) -> {property.Name}", "Other languages read and write by methods what is a property in C#.", 1);
        }
    }

    private static IEnumerable<FixCandidate> Words(CSharpFault fault, NameUse use)
    {
        if (use.IsMember)
            yield break;
        foreach (var word in ForeignNames.WordsLike(use.Text))
            yield return fault.Replace(use.Name.Identifier.Span, word, $"{use.Text} -> {word}", $"'{use.Text}' is another language's name; C# calls it '{word}'.", 1.2);
    }

    private static IEnumerable<FixCandidate> Functions(CSharpFault fault, InvocationExpressionSyntax? call)
    {
        for (var depth = 0; call is not null && depth < 3; depth++, call = call.Parent?.FirstAncestorOrSelf<InvocationExpressionSyntax>())
        {
            var function = call.Expression.ToString();
            foreach (var template in ForeignNames.CallsLike(function))
            {
                if (Fill(template, call.ArgumentList.Arguments) is { } text)
                    yield return fault.Replace(call, text, $"{function}(...) -> {text}", $"'{function}' is another language's function; this is how C# does it.", 1.3);
            }
        }
    }

    private static string? Fill(string template, SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var text = template;
        for (var i = 0; i < arguments.Count && i < 3; i++)
            text = text.Replace("$" + i, arguments[i].ToString(), StringComparison.Ordinal);
        if (text.StartsWith("$.", StringComparison.Ordinal) && (arguments.Count != 1 || arguments[0].Expression is BinaryExpressionSyntax))
            return arguments.Count == 1 ? "(" + arguments[0] + ")" + text[1..] : null;
        return text.Contains("$0", StringComparison.Ordinal) || text.Contains("$1", StringComparison.Ordinal) ? null : text.Replace("$", arguments.ToString(), StringComparison.Ordinal);
    }
}
