using System.Collections.Frozen;
using System.Text;

namespace Platform.Patterns;

/// <summary>
/// What stays of an offending line when names and literals are taken out: <c>return store.fetch(key)</c> becomes <c>return i . i ( i )</c>. The same
/// mistake in other words has the same shape.
/// </summary>
internal static class SyntaxShape
{
    private const int MaxTokens = 60;

    private static readonly FrozenSet<string> Keywords = (
        "abstract and as assert async await base bool break byte case catch char class const continue decimal def default defer del delete do double elif else enum event except export extends false False " +
        "final finally float fn for foreach from func function global go goto if impl implements import in instanceof int interface internal is lambda let lock long match mod module mut namespace new nil None " +
        "nonlocal not null object or out override package params pass private protected pub public raise range readonly record ref return sealed select self short static string struct super switch this throw " +
        "throws trait true True try type typeof uint undefined use using val var virtual void volatile when where while with yield").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The shape of the first line that says anything; empty when none does.</summary>
    public static string Of(string lines)
    {
        var line = lines.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
        var shape = new StringBuilder();
        var count = 0;
        for (var i = 0; i < line.Length && count < MaxTokens;)
        {
            if (char.IsWhiteSpace(line[i]))
            {
                i++;
                continue;
            }

            var (end, token) = Next(line, i);
            shape.Append(count++ == 0 ? "" : " ").Append(token);
            i = end;
        }

        return shape.ToString();
    }

    private static (int End, string Token) Next(string line, int start)
    {
        var c = line[start];
        if (c is '"' or '\'' or '`')
        {
            var end = start + 1;
            while (end < line.Length && line[end] != c)
                end += line[end] == '\\' ? 2 : 1;
            return (Math.Min(end + 1, line.Length), "s");
        }

        if (!char.IsLetterOrDigit(c) && c != '_')
            return (start + 1, c.ToString());
        var to = start;
        while (to < line.Length && (char.IsLetterOrDigit(line[to]) || line[to] == '_'))
            to++;
        var word = line[start..to];
        return (to, char.IsDigit(c) ? "n" : Keywords.Contains(word) ? word : "i");
    }
}
