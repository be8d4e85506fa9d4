using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>HTML by <c>tidy</c> where it is installed; other files go to the checker of their language. An element that tidy does not know may be one of the page's own.</summary>
internal sealed partial class HtmlChecker(ValidationOptions options, ISyntaxChecker others) : ISyntaxChecker
{
    public bool JudgesAlone => true;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var rest = new Queue<Verdict>(await others.CheckAsync([.. files.Where(f => !IsHtml(f))], token));
        var verdicts = new List<Verdict>();
        foreach (var file in files)
            verdicts.Add(IsHtml(file) ? await TidyAsync(file.Text, token) : rest.Dequeue());
        return verdicts;
    }

    private static bool IsHtml(SourceFile file) => Path.GetExtension(file.Path).ToLowerInvariant() is ".html" or ".htm";

    private async Task<Verdict> TidyAsync(string text, CancellationToken token)
    {
        if (Tool.Find("tidy") is not { } program)
            return Verdict.Unchecked("tidy is not installed");
        var result = await ChildProcess.RunAsync(new ChildCommand(program, ["-q", "-e", "-utf8"]) { Input = text, Environment = CommandChecker.Environment(program) }, CommandChecker.Limits(options), token);
        // 0 is right, 1 is right with warnings, 2 is wrong.
        if (result.TimedOut || result.TooMuchOutput || result.ExitCode is not (0 or 1 or 2))
            return Verdict.Unchecked("tidy " + CommandChecker.Failure(result));
        return Verdict.Of([.. Line().Matches(result.Error + "\n" + result.Output).Select(Read)]);
    }

    private static CodeDiagnostic Read(Match match)
    {
        var message = match.Groups["message"].Value.Trim();
        var isError = match.Groups["kind"].Value == "Error" && !message.Contains("is not recognized", StringComparison.Ordinal);
        return new CodeDiagnostic("HtmlError", Number(match, "line"), Number(match, "column"), message, isError ? Severity.Error : Severity.Warning);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("""^line (?<line>\d{1,9}) column (?<column>\d{1,9}) - (?<kind>Error|Warning): (?<message>.+)$""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Line();
}
