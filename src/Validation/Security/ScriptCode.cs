namespace Platform.Validation;

/// <summary>One call: its dotted name, where it stands, and its arguments as ranges of pieces.</summary>
internal sealed record ScriptCall(string Name, int Line, int Open, IReadOnlyList<Range> Arguments)
{
    /// <summary>The last part of the name.</summary>
    public string Method => Name[(Name.LastIndexOf('.') + 1)..];
}

/// <summary>A script as pieces, with what rules ask of it: calls, properties, and whether an expression is constant or comes from outside.</summary>
internal sealed class ScriptCode
{
    // Longer arguments are looked at in part; that keeps a nest of calls linear.
    private const int LongestArgument = 2000;

    private static readonly HashSet<string> RequestParts = ["query", "body", "params", "headers", "cookies", "files", "url", "originalUrl", "hostname"];
    private static readonly HashSet<string> PageSources = ["location", "referrer", "URL", "documentURI", "baseURI"];
    private static readonly HashSet<string> Cleaners = ["sanitize", "escape", "escapeHtml", "encodeURIComponent", "encodeURI", "escapeHTML", "htmlEscape", "escapeId", "basename", "parseInt", "Number", "shellescape", "quote", "purify"];

    private readonly HashSet<string> constants;

    public ScriptCode(string code)
    {
        Tokens = ScriptTokens.Of(code);
        constants = FindConstants();
        Calls = [.. FindCalls()];
    }

    public IReadOnlyList<ScriptToken> Tokens { get; }

    public IReadOnlyList<ScriptCall> Calls { get; }

    /// <summary>True when every piece is a literal, a name given a literal once, or what joins them.</summary>
    public bool Constant(Range range) => Slice(range).All(t => t.Kind is ScriptKind.Text or ScriptKind.Template or ScriptKind.Literal
        || t is { Kind: ScriptKind.Mark, Text: "+" or "," or "[" or "]" or "(" or ")" or "${" or "}$" }
        || (t.Kind == ScriptKind.Word && (constants.Contains(t.Text) || t.Text is "true" or "false" or "null" or "undefined")));

    /// <summary>True when text is put together from a literal and something that is not one.</summary>
    public bool Mixed(Range range)
    {
        var slice = Slice(range);
        return !Constant(range) && (slice.Any(t => t.Kind == ScriptKind.Template) || (slice.Any(t => t.Is("+")) && slice.Any(t => t.Kind == ScriptKind.Text)));
    }

    /// <summary>True when an expression names a part of a request or of the page's address.</summary>
    public bool FromOutside(Range range)
    {
        var slice = Slice(range);
        for (var i = 0; i < slice.Count; i++)
        {
            var (word, next) = (slice[i].Text, i + 2 < slice.Count && slice[i + 1].Text is "." or "?." ? slice[i + 2].Text : "");
            if (slice[i].Kind != ScriptKind.Word)
                continue;
            if (word is "req" or "request" or "ctx" && (RequestParts.Contains(next) || next == "request"))
                return true;
            var page = word switch
            {
                "location" => next is "hash" or "search" or "href" or "pathname",
                "document" => PageSources.Contains(next),
                "window" => next is "name" or "location",
                _ => false,
            };
            if (page)
                return true;
        }
        return false;
    }

    /// <summary>True when something in the expression is known to make text harmless.</summary>
    public bool Cleaned(Range range) => Slice(range).Any(t => t.Kind == ScriptKind.Word && Cleaners.Contains(t.Text));

    /// <summary>The pieces of a range, the first two thousand.</summary>
    public IReadOnlyList<ScriptToken> Slice(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(Tokens.Count);
        var slice = new List<ScriptToken>(Math.Min(length, LongestArgument));
        for (var i = start; i < start + Math.Min(length, LongestArgument); i++)
            slice.Add(Tokens[i]);
        return slice;
    }

    /// <summary>Where the expression that begins at a piece ends: at a comma, semicolon or bracket of its own level.</summary>
    public Range ExpressionAt(int start)
    {
        var depth = 0;
        for (var i = start; i < Math.Min(Tokens.Count, start + LongestArgument); i++)
        {
            var text = Tokens[i].Kind == ScriptKind.Mark ? Tokens[i].Text : "";
            depth += text is "(" or "[" or "{" or "${" ? 1 : text is ")" or "]" or "}" or "}$" ? -1 : 0;
            if (depth < 0 || (depth == 0 && text is "," or ";") || (depth == 0 && i > start && Tokens[i].Line > Tokens[i - 1].Line && Tokens[i].Kind == ScriptKind.Word && Tokens[i - 1].Kind != ScriptKind.Mark))
                return start..i;
        }
        return start..Math.Min(Tokens.Count, start + LongestArgument);
    }

    /// <summary>The dotted name that ends at a piece.</summary>
    public string NameEndingAt(int index)
    {
        var name = Tokens[index].Text;
        for (var i = index; i >= 2 && name.Length < 200 && Tokens[i - 1].Text is "." or "?." && Tokens[i - 2].Kind == ScriptKind.Word; i -= 2)
            name = Tokens[i - 2].Text + "." + name;
        return index >= 1 && Tokens[index - 1].Text is "." or "?." && !name.Contains('.') ? "?." + name : name;
    }

    private IEnumerable<ScriptCall> FindCalls()
    {
        for (var i = 0; i + 1 < Tokens.Count; i++)
        {
            if (Tokens[i].Kind == ScriptKind.Word && Tokens[i + 1].Is("(") && (i == 0 || !Tokens[i - 1].Is("function")))
                yield return new ScriptCall(NameEndingAt(i), Tokens[i].Line, i + 1, [.. Arguments(i + 2)]);
        }
    }

    private IEnumerable<Range> Arguments(int start)
    {
        for (var at = start; at < Tokens.Count && !Tokens[at].Is(")") && at < start + LongestArgument;)
        {
            var argument = ExpressionAt(at);
            if (argument.End.Value > argument.Start.Value)
                yield return argument;
            if (argument.End.Value >= Tokens.Count || !Tokens[argument.End].Is(","))
                yield break;
            at = argument.End.Value + 1;
        }
    }

    private HashSet<string> FindConstants()
    {
        var given = new Dictionary<string, bool>();
        for (var i = 0; i + 2 < Tokens.Count; i++)
        {
            if (Tokens[i].Kind != ScriptKind.Word || !Tokens[i + 1].Is("="))
                continue;
            var literal = i > 0 && Tokens[i - 1].Text is "const" or "let" or "var" && Tokens[i + 2].Kind is ScriptKind.Text or ScriptKind.Literal
                && (i + 3 >= Tokens.Count || Tokens[i + 3].Text is ";" or "," || Tokens[i + 3].Line > Tokens[i + 2].Line);
            given[Tokens[i].Text] = literal && !given.ContainsKey(Tokens[i].Text);
        }
        return [.. given.Where(g => g.Value).Select(g => g.Key)];
    }
}
