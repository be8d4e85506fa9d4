namespace Platform.Validation;

/// <summary>
/// Finds the errors in what compilers, interpreters and dying programs print: C#, Python, JavaScript, TypeScript, Go, Rust and Java. Other text is passed over;
/// warnings are not errors. Time is linear in the text, of which at most 4 Mi characters are read.
/// </summary>
public static class ErrorReader
{
    private const int MaxErrors = 200;
    private const int MaxMessage = 1000;

    // The first that takes a line has it: what spans several lines comes before what is one line.
    private static readonly IErrorFormat[] Formats =
    [
        new PythonFormat(), new PytestFormat(), new NodeFormat(), new DotnetTraceFormat(), new JavaTraceFormat(), new GoPanicFormat(), new RustPanicFormat(), new RustJsonFormat(), new RustTextFormat(),
        .. CompilerLine.All,
    ];

    /// <summary>The errors in the order in which they stand in the text, each once, at most 200.</summary>
    public static IReadOnlyList<FoundError> Read(string output)
    {
        var found = new List<FoundError>();
        var seen = new HashSet<(string, string, string, int, int)>();
        for (var lines = new OutputLines(output); !lines.IsEnd && found.Count < MaxErrors; lines.At++)
        {
            if (lines.Ahead().Length == 0 || Formats.Select(f => f.Read(lines)).FirstOrDefault(e => e is not null) is not { } error)
                continue;
            if (seen.Add((error.Code, error.Message, error.Path, error.Line, error.Column)))
                found.Add(error with { Message = error.Message.Length > MaxMessage ? error.Message[..MaxMessage] : error.Message });
        }
        return found;
    }
}
