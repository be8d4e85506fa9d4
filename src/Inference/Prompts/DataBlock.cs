using System.Text;

namespace Platform.Inference;

/// <summary>
/// Marks text that nobody vouches for (files, examples, tool results) as data. The closing mark cannot be forged: an opening
/// bracket before it is replaced inside the text.
/// </summary>
internal static class DataBlock
{
    private const string Tag = "data";

    /// <summary>One block with its origin.</summary>
    public static string Of(string origin, string text)
    {
        var safe = text.Replace("</" + Tag, "<\u200b/" + Tag, StringComparison.OrdinalIgnoreCase);
        return $"<{Tag} origin=\"{Attribute(origin)}\">\n{safe.TrimEnd('\n')}\n</{Tag}>";
    }

    /// <summary>Whether a text of our own making begins with a block.</summary>
    public static bool Begins(string text) => text.StartsWith($"<{Tag} ", StringComparison.Ordinal);

    /// <summary>Files as blocks, as many as fit into so many characters; says which were left out.</summary>
    public static string Files(IEnumerable<CodeFile> files, string kind, int mostCharacters)
    {
        var text = new StringBuilder();
        var left = new List<string>();
        foreach (var file in files)
        {
            if (text.Length + file.Text.Length > mostCharacters)
                left.Add(file.Path);
            else
                text.Append(text.Length > 0 ? "\n" : "").Append(Of($"{kind}:{file.Path}", file.Text));
        }

        if (left.Count > 0)
            text.Append($"\n(left out for length: {string.Join(", ", left.Take(20))}{(left.Count > 20 ? $" and {left.Count - 20} more" : "")})");
        return text.ToString();
    }

    private static string Attribute(string text) => text.Replace('"', '\'').Replace('\n', ' ').Replace('\r', ' ').Replace('<', '(').Replace('>', ')');
}
