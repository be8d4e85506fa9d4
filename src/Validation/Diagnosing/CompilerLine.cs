using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>An error that a compiler prints in one line.</summary>
/// <param name="Language">The compiler's language.</param>
/// <param name="Shape">Pattern with groups <c>path</c>, <c>line</c>, <c>message</c> and perhaps <c>column</c> and <c>code</c>.</param>
internal sealed partial record CompilerLine(string Language, Regex Shape) : IErrorFormat
{
    private const int MaxLine = 4000;

    public static IReadOnlyList<CompilerLine> All { get; } =
    [
        new("typescript", TypeScript()), new("csharp", CSharp()), new("csharp", Placeless()), new("typescript", PrettyTypeScript()), new("go", Go()), new("rust", Rust()), new("java", Java()),
    ];

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Shape.Match(line) is not { Success: true } match)
            return null;
        var column = OutputLines.Number(match, "column");
        // Java points with a caret two lines below.
        if (Language == "java" && lines.Ahead(2) is var caret && caret.AsSpan().Trim() is "^")
            column = caret.IndexOf('^', StringComparison.Ordinal) + 1;
        return new FoundError(Language, match.Groups["code"].Value, Message(lines, match), match.Groups["path"].Value.Trim(), OutputLines.Number(match, "line"), column);
    }

    // javac names what it did not find in lines of their own.
    private string Message(OutputLines lines, Match match)
    {
        var message = match.Groups["message"].Value.Trim();
        if (Language != "java" || message != "cannot find symbol")
            return message;
        var symbol = Enumerable.Range(1, 4).Select(lines.Ahead).FirstOrDefault(l => l.AsSpan().TrimStart().StartsWith("symbol:", StringComparison.Ordinal));
        return symbol is null ? message : $"{message}: {string.Join(' ', symbol.Split(':', 2)[1].Split(' ', StringSplitOptions.RemoveEmptyEntries))}";
    }

    [GeneratedRegex(@"^\s*(\d+>)?(?<path>[^()\n]+)\((?<line>\d+)(,(?<column>\d+))?(,\d+,\d+)?\): error (?<code>[A-Z]{2,6}\d+): (?<message>.+?)( \[[^\]]+proj(::[^\]]*)?\])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex CSharp();

    // What concerns the whole program or a project has no place in a file: no entry point, a package that is not there.
    [GeneratedRegex(@"^\s*(\d+>)?(CSC|MSBUILD|(?<path>[^()\n]+\.(cs|fs|vb)proj|[^()\n]+\.sln)) : error (?<code>(CS|NU|NETSDK|MSB)\d+): (?<message>.+?)( \[[^\]]+proj(::[^\]]*)?\])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeless();

    [GeneratedRegex(@"^(?<path>[^()\n]+\.[cm]?tsx?)\((?<line>\d+),(?<column>\d+)\): error (?<code>TS\d+): (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeScript();

    [GeneratedRegex(@"^(?<path>([A-Za-z]:)?[^:\n]+\.[cm]?tsx?):(?<line>\d+):(?<column>\d+) - error (?<code>TS\d+): (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PrettyTypeScript();

    // go build and go vet alike; vet puts its name before.
    [GeneratedRegex(@"^(vet: )?(?<path>([A-Za-z]:)?[^:\n]+\.go):(?<line>\d+)(:(?<column>\d+))?: (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Go();

    [GeneratedRegex(@"^(?<path>([A-Za-z]:)?[^:\n]+\.rs):(?<line>\d+):(?<column>\d+): error(\[(?<code>E\d+)\])?: (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Rust();

    [GeneratedRegex(@"^(?<path>([A-Za-z]:)?[^:\n]+\.java):(?<line>\d+): error: (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Java();
}
