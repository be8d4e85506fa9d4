using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>
/// Languages of braces (and Ruby's and Lua's end) by their block structure: a line that opens a definition, to the brace that closes it.
/// Containers are entered, so that their members become chunks of their own.
/// </summary>
internal sealed class BlockChunker(Regex definition, Regex? container) : IChunker
{
    private const RegexOptions Options = RegexOptions.Compiled | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private static readonly TimeSpan LineTimeout = TimeSpan.FromMilliseconds(200);

    private static readonly BlockChunker Script = new(
        R(@"^\s*(export\s+)?(default\s+)?(async\s+)?function\s*\*?\s*(?<name>[\w$]+)|^\s*(export\s+)?(const|let|var)\s+(?<name>[\w$]+)\s*(:[^=]+)?=\s*(async\s*)?(function\b|\([^)]*\)\s*(:[^=]+)?=>|[\w$]+\s*=>)|^\s+(public\s+|private\s+|protected\s+|static\s+|async\s+|get\s+|set\s+|readonly\s+|override\s+|\*)*(?!(if|for|while|switch|catch|return|function|else|do|try|with|new|await|typeof)\b)(?<name>[\w$#]+)\s*(<[^>]*>)?\([^;]*\)\s*(:[^{=;]+)?\{\s*$"),
        R(@"^\s*(export\s+)?(default\s+)?(abstract\s+|declare\s+)*(class|interface|namespace|module|enum)\s+(?<name>[\w$.]+)"));

    private static readonly BlockChunker Go = new(R(@"^func\s+(\([^)]*\)\s*)?(?<name>\w+)|^type\s+(?<name>\w+)\s+(struct|interface)\b"), null);

    private static readonly BlockChunker Rust = new(
        R(@"^\s*(pub(\([^)]*\))?\s+)?(default\s+)?(const\s+)?(async\s+)?(unsafe\s+)?(extern\s+(""[^""]*"")?\s*)?fn\s+(?<name>\w+)|^\s*(pub(\([^)]*\))?\s+)?(struct|enum|union)\s+(?<name>\w+)|^\s*macro_rules!\s*(?<name>\w+)"),
        R(@"^\s*(unsafe\s+)?impl\b[^{]*?(?<name>\w+)(<[^{]*>)?\s*(where\b.*)?\{|^\s*(pub(\([^)]*\))?\s+)?(trait|mod)\s+(?<name>\w+)"));

    private static readonly BlockChunker Java = new(
        R(@"^\s*((public|private|protected|internal|static|final|abstract|override|open|suspend|inline|synchronized|native|default|virtual|inline|const|constexpr|extern|unsigned)\s+)*(fun\s+|func\s+|def\s+|function\s+)?(<[^>]+>\s*)?(?!(if|for|while|switch|catch|return|else|do|try|new|throw|synchronized|using|lock|case)\b)([\w.:]+(<[^(){};]*>)?[\[\]?*&]*\s+[*&]*){0,2}(?!(if|for|while|switch|catch|return|else|do|try|new|throw|synchronized|using|lock)\b)(?<name>[\w~]+(::[\w~]+)*)\s*\([^;]*$"),
        R(@"^\s*((public|private|protected|internal|static|final|abstract|sealed|open|data|export|template\s*<[^>]*>)\s+)*(class|interface|enum|record|struct|object|trait|protocol|extension|namespace|module)\s+(?<name>[\w.:]+)"));

    private static readonly BlockChunker Shell = new(R(@"^\s*(function\s+)?(?<name>[\w:.-]+)\s*\(\)\s*\{?|^\s*function\s+(?<name>[\w:.-]+)"), null);

    /// <summary>The chunker of a language; null when it has no blocks.</summary>
    public static BlockChunker? For(string language) => language switch
    {
        "javascript" or "typescript" => Script,
        "go" => Go,
        "rust" => Rust,
        "java" or "kotlin" or "scala" or "swift" or "c" or "cpp" or "php" or "dart" => Java,
        "shell" or "powershell" => Shell,
        _ => null,
    };

    public IReadOnlyList<Chunk> Split(SourceText source)
    {
        var chunks = new List<Chunk>();
        var closers = BlockMap.Of(source);
        Walk(source, closers, 0, source.Lines.Count - 1, "", chunks);
        return Gaps.Fill(source, chunks);
    }

    private void Walk(SourceText source, BlockMap blocks, int from, int to, string context, List<Chunk> chunks)
    {
        for (var i = from; i <= to; i++)
        {
            var line = source.Lines[i];
            if (line.Length > 400)
                continue;
            if (Name(container, line) is { } outer && blocks.EndOf(i) is { } containerEnd)
            {
                var name = Join(context, outer);
                var before = chunks.Count;
                Walk(source, blocks, i + 1, containerEnd - 1, name, chunks);
                var headEnd = before < chunks.Count ? Math.Max(i, chunks[before].StartLine - 2) : containerEnd;
                chunks.Insert(before, Make("class", name, source, i, headEnd));
                i = containerEnd;
            }
            else if (Name(definition, line) is { } inner && blocks.EndOf(i) is { } end)
            {
                chunks.Add(Make(context.Length > 0 ? "method" : "function", Join(context, inner), source, i, end));
                i = end;
            }
        }
    }

    private static Chunk Make(string kind, string name, SourceText source, int line, int to) =>
        Chunk.Of(source, kind, name, source.Lines[line], CommentStart(source, line), Math.Max(to, line));

    /// <summary>Comments and annotations right above belong to the definition.</summary>
    private static int CommentStart(SourceText source, int line)
    {
        while (line > 0 && source.Lines[line - 1].TrimStart() is var above && above.Length > 0
            && (above[0] is '@' or '*' or '#' || above.StartsWith("//", StringComparison.Ordinal) || above.StartsWith("/*", StringComparison.Ordinal)))
            line--;
        return line;
    }

    private static string? Name(Regex? pattern, string line)
    {
        try
        {
            return pattern?.Match(line) is { Success: true } match ? match.Groups["name"].Value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string Join(string context, string name) => context.Length == 0 ? name : $"{context}.{name}";

    private static Regex R(string pattern) => new(pattern, Options, LineTimeout);
}
