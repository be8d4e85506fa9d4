using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Platform.TestHost;

/// <summary>One data row of a theory, or the single empty row of a fact.</summary>
internal sealed record TheoryRow(object?[] Arguments, string? Label, string? Skip)
{
    /// <summary>All rows that the data attributes of a method give; a theory without any is an error, as in xunit.</summary>
    public static async Task<IReadOnlyList<TheoryRow>> OfAsync(MethodInfo method, IFactAttribute fact)
    {
        if (fact is not ITheoryAttribute)
            return [new TheoryRow([], null, null)];
        var rows = new List<TheoryRow>();
        foreach (var source in method.GetCustomAttributes().OfType<IDataAttribute>())
        {
            if (source is MemberDataAttributeBase { MemberType: null } member)
                member.MemberType = method.ReflectedType;
            var data = await source.GetData(method, new DisposalTracker());
            rows.AddRange(data.Select(r => new TheoryRow(r.GetData(), r.TestDisplayName, r.Skip)));
        }
        if (rows.Count == 0)
            throw new InvalidOperationException("No data found for the theory " + method.Name + ".");
        return rows;
    }

    /// <summary>The name a reader sees, arguments included.</summary>
    public string NameOf(string method)
    {
        if (Label is not null || Arguments.Length == 0)
            return Label ?? method;
        var text = string.Join(", ", Arguments.Select(Show));
        return $"{method}({(text.Length > 200 ? text[..200] + "..." : text)})";
    }

    private static string Show(object? value) => value switch
    {
        null => "null",
        string s => '"' + s + '"',
        System.Collections.IEnumerable many => "[" + string.Join(", ", many.Cast<object?>().Take(8).Select(Show)) + "]",
        IFormattable f => f.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.ToString() ?? value.GetType().Name,
    };
}
