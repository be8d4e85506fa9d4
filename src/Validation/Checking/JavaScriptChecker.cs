using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Parses JavaScript by <c>node --check</c>; a file that is a module only by what it says is checked as one.</summary>
internal sealed partial class JavaScriptChecker(ValidationOptions options) : ISyntaxChecker
{
    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find("node") is not { } node)
            return [.. files.Select(_ => Verdict.Unchecked("node is not installed"))];
        var verdicts = new List<Verdict>();
        foreach (var file in files)
            verdicts.Add(file.Path.EndsWith(".jsx", StringComparison.Ordinal) ? Verdict.Unchecked("node does not read JSX") : await CheckAsync(node, file, token));
        return verdicts;
    }

    private async Task<Verdict> CheckAsync(string node, SourceFile file, CancellationToken token)
    {
        var module = file.Path.EndsWith(".mjs", StringComparison.Ordinal) || (!file.Path.EndsWith(".cjs", StringComparison.Ordinal) && ModuleSyntax().IsMatch(file.Text));
        var name = module ? "file.mjs" : "file.cjs";
        using var folder = new InputFolder(Path.GetTempPath(), new Dictionary<string, byte[]> { [name] = Encoding.UTF8.GetBytes(file.Text) });
        var command = new ChildCommand(node, ["--check", name]) { Folder = folder.Path, Environment = CommandChecker.Environment(node) };
        var result = await ChildProcess.RunAsync(command, CommandChecker.Limits(options), token);
        if (result.ExitCode == 0)
            return Verdict.Ok;
        var message = Message().Match(result.Error);
        if (message.Success && message.Groups["message"].Value.Trim() == "Unexpected token '<'" && Element().IsMatch(file.Text))
            return Verdict.Unchecked("it holds JSX, which node does not read");
        return message.Success
            ? Verdict.Of([new CodeDiagnostic(message.Groups["code"].Value, int.Parse(message.Groups["line"].Value, System.Globalization.CultureInfo.InvariantCulture), Column(message), message.Groups["message"].Value.Trim(), Severity.Error)])
            : Verdict.Unchecked("node " + CommandChecker.Failure(result));
    }

    private static int Column(Match message) => message.Groups["caret"].Success ? message.Groups["caret"].Value.IndexOf('^') + 1 : 0;

    [GeneratedRegex("""^[ \t]*(?:import\s+[\w*{"']|export\s+(?:default|const|let|var|function|class|async|\{|\*))|^(?:const|let|var)?[^/\n]*\bawait\s+import\(""", RegexOptions.Multiline)]
    private static partial Regex ModuleSyntax();

    /// <summary>An element where an expression stands.</summary>
    [GeneratedRegex("""(?:[(=?:,>]|\breturn|&&)[ \t\r\n]{0,200}<(?:>|[A-Za-z][\w.:-]{0,100}[ \t\r\n/>])""")]
    private static partial Regex Element();

    [GeneratedRegex("""^[^\n]*file\.[cm]js:(?<line>\d+)\n(?:[^\n]*\n(?<caret>[ \t]*\^+)?)?[\s\S]*?^(?<code>\w*Error): (?<message>.+)$""", RegexOptions.Multiline)]
    private static partial Regex Message();
}
