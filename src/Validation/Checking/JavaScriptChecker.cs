using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>
/// Parses JavaScript as <c>node --check</c> does; a file that is a module only by what it says is checked as one. Names that nothing declares are warnings where the file
/// or the language has one that is nearly or elsewhere the same: others may come from scripts that are not here.
/// </summary>
internal sealed partial class JavaScriptChecker(ValidationOptions options) : ISyntaxChecker
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public bool JudgesAlone => true;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var read = files.Where(f => !IsJsx(f)).ToList();
        var verdicts = new Queue<Verdict>(read.Count == 0 ? [] : await ReadAsync(read, token));
        return [.. files.Select(f => IsJsx(f) ? Verdict.Unchecked("node does not read JSX") : verdicts.Dequeue())];
    }

    private async Task<IEnumerable<Verdict>> ReadAsync(List<SourceFile> files, CancellationToken token)
    {
        var answer = await ScriptWorkers.Node.AskAsync("check", files.Select(f => new { text = f.Text, module = ScriptForm.IsModule(f), open = ScriptForm.IsOpen(f) }), options, token);
        return answer.Json is { } json ? files.Zip(JsonSerializer.Deserialize<Answer[]>(json, Web)!, Judge) : files.Select(_ => Verdict.Unchecked("node " + answer.Problem));
    }

    private static Verdict Judge(SourceFile file, Answer answer) => answer.Error switch
    {
        null => Verdict.Of([.. answer.Unknown.Where(n => IsFamiliar(file, n.Name)).DistinctBy(n => (n.Name, n.Line)).Select(n => new CodeDiagnostic("UndefinedName", n.Line, n.Column, $"{n.Name} is not defined", Severity.Warning))]),
        { Message: "Unexpected token '<'" } when Element().IsMatch(file.Text) => Verdict.Unchecked("it holds JSX, which node does not read"),
        // Nested too deep for the parser: that says nothing of the file.
        { Line: 0, Code: not "SyntaxError" } found => Verdict.Unchecked($"node could not read it: {found.Code}: {found.Message}"),
        { } found => Verdict.Of([new CodeDiagnostic(found.Code, found.Line, found.Column, found.Message, Severity.Error)]),
    };

    /// <summary>What takes too long to find out is not said.</summary>
    private static bool IsFamiliar(SourceFile file, string name)
    {
        try
        {
            return ScriptNames.IsFamiliar(file, name);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool IsJsx(SourceFile file) => file.Path.EndsWith(".jsx", StringComparison.Ordinal);

    /// <summary>An element where an expression stands.</summary>
    [GeneratedRegex("""(?:[(=?:,>]|\breturn|&&)[ \t\r\n]{0,200}<(?:>|[A-Za-z][\w.:-]{0,100}[ \t\r\n/>])""")]
    private static partial Regex Element();

    private sealed record Answer(Stumble? Error, IReadOnlyList<UnknownName> Unknown);

    private sealed record UnknownName(string Name, int Line, int Column);

    /// <summary>Where the parser gave up; line 0 when it does not say.</summary>
    private sealed record Stumble(string Code, int Line, int Column, string Message);
}
