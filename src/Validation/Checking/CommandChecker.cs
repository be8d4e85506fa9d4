using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>How one external checker is called and how its messages read.</summary>
/// <param name="Program">The tool's name, also the name in <c>unchecked</c> reasons.</param>
/// <param name="Arguments">Arguments for the given file paths.</param>
/// <param name="Message">Pattern with groups <c>path</c>, <c>line</c>, <c>message</c> and optionally <c>column</c> and <c>code</c>.</param>
internal sealed record CheckCommand(string Program, Func<IReadOnlyList<string>, IEnumerable<string>> Arguments, Regex Message)
{
    /// <summary>All files in one call; else one call per file.</summary>
    public bool Together { get; init; }

    /// <summary>Messages that are remarks on code that compiles.</summary>
    public Regex? Remarks { get; init; }

    /// <summary>Messages that only say that something outside the given files is unknown; they do not count.</summary>
    public Regex? Ignored { get; init; }
}

/// <summary>Checks files by an installed tool that parses and does not run them, in a folder of their own.</summary>
internal sealed class CommandChecker(ValidationOptions options, CheckCommand command) : ISyntaxChecker
{
    public bool JudgesAlone => !command.Together;

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (Tool.Find(command.Program) is null)
            return [.. files.Select(_ => Verdict.Unchecked(command.Program + " is not installed"))];
        if (command.Together)
            return await RunAsync(files, token);
        var verdicts = new List<Verdict>();
        foreach (var file in files)
            verdicts.AddRange(await RunAsync([file], token));
        return verdicts;
    }

    /// <summary>The environment of a checker: enough to find its own files, nothing of this process's configuration.</summary>
    public static Dictionary<string, string> Environment(string program)
    {
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin:" + Path.GetDirectoryName(program), ["LANG"] = "C.UTF-8", ["GO111MODULE"] = "off", ["GOPROXY"] = "off", ["GOTOOLCHAIN"] = "local", ["GOFLAGS"] = "", ["CGO_ENABLED"] = "0" };
        if (Path.GetFileNameWithoutExtension(program) == "go")
            environment["GOCACHE"] = GoCache.Value;
        // Version managers keep the real tool in the home folder.
        foreach (var name in new[] { "HOME", "SystemRoot", "CARGO_HOME", "RUSTUP_HOME", "PYENV_ROOT", "JAVA_HOME" })
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
                environment[name] = value;
        }
        return environment;
    }

    private static readonly Lazy<string> GoCache = new(OwnFolder);

    // What the compiler reads back as its own results must not be another user's to write.
    private static string OwnFolder()
    {
        try
        {
            if (System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } own)
                return Directory.CreateDirectory(Path.Combine(own, "platform", "go-build")).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A service may have a home that it cannot write to.
        }
        var temporary = Directory.CreateTempSubdirectory("platform-go-build-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(temporary);
        return temporary;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A compiler that still runs may hold it.
        }
    }

    /// <summary>Limits of a checker that is trusted code on untrusted input.</summary>
    public static TestLimits Limits(ValidationOptions options) => new() { Time = options.ToolTimeout, OutputBytes = 4 << 20 };

    /// <summary>Why a checker gave no answer.</summary>
    public static string Failure(ChildResult result) =>
        result.TimedOut ? "timed out" : result.TooMuchOutput ? "printed too much" : $"failed with exit code {result.ExitCode}";

    private async Task<IReadOnlyList<Verdict>> RunAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        using var folder = new InputFolder(Path.GetTempPath(), files.ToDictionary(f => f.Path, f => System.Text.Encoding.UTF8.GetBytes(f.Text)));
        var program = Tool.Find(command.Program)!;
        // ./ before every name: one that begins like an option or a response file is none.
        var child = new ChildCommand(program, [.. command.Arguments([.. files.Select(f => "./" + f.Path)])])
        {
            Folder = folder.Path,
            Environment = Environment(program),
        };
        var result = await ChildProcess.RunAsync(child, Limits(options), token);
        if (result.TimedOut || result.TooMuchOutput)
            return [.. files.Select(_ => Verdict.Unchecked(command.Program + " " + Failure(result)))];
        var messages = Messages(result.Error + "\n" + result.Output, folder.Path).ToList();
        if (result.ExitCode != 0 && messages.Count == 0)
            return [.. files.Select(_ => Verdict.Unchecked($"{command.Program} {Failure(result)}"))];
        return [.. files.Select(f => Verdict.Of([.. messages.Where(m => m.Path == f.Path).Select(m => m.Found)]))];
    }

    private IEnumerable<(string Path, CodeDiagnostic Found)> Messages(string text, string folder)
    {
        foreach (Match match in command.Message.Matches(text))
        {
            var message = match.Groups["message"].Value.Trim();
            var severity = command.Ignored?.IsMatch(match.Value) == true ? Severity.Info : command.Remarks?.IsMatch(match.Value) == true ? Severity.Warning : Severity.Error;
            var path = match.Groups["path"].Value.Replace(folder + "/", "").Replace("./", "");
            var code = match.Groups["code"].Success ? match.Groups["code"].Value : "SyntaxError";
            yield return (path, new CodeDiagnostic(code, Number(match, "line"), Number(match, "column"), message, severity));
        }
    }

    private static int Number(Match match, string group) =>
        int.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
