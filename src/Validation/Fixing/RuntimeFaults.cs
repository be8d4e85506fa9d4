using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Reads failing tests as faults of the code, where their message names one: an unknown name, attribute, method or module.</summary>
internal static partial class RuntimeFaults
{
    private const int MaxFaults = 3;

    // Languages whose runtimes say it in these words.
    private static readonly string[] Spoken = ["python", "javascript", "typescript"];

    /// <summary>The code of a failure that names no cause; it stands for too many kinds to learn from.</summary>
    public const string WrongValue = "WrongValue";

    /// <summary>Faults that the rules may act on, each in the files it may come from; null when the tests say nothing of the kind.</summary>
    /// <param name="state">Files and their test run.</param>
    /// <param name="language">The language of the test run; null when only the messages tell it.</param>
    public static FaultList? Of(FixState state, string? language = null)
    {
        if (state.Tests is not { Outcome: TestOutcome.Failed or TestOutcome.Crashed } tests || state.Files.Count == 0)
            return null;
        var files = state.Files.Where(f => language is null ? Spoken.Contains(f.Language) : f.Language == language).ToList();
        var traced = ErrorReader.Read(tests.Output);
        // The likeliest file of every message comes before the second of any.
        var faults = In(tests).SelectMany(m => Places(files, m, traced).Select((f, rank) => (Fault: f, Rank: rank))).OrderBy(f => f.Rank).Select(f => f.Fault).ToList();
        // What Node does not stop at, a property that is not there or a promise that nobody awaits, shows only as a wrong value.
        if (faults.Count == 0)
            faults = [.. files.Where(f => f.Language == "javascript").Take(MaxFaults).Select(f => (f.Path, new CodeDiagnostic(WrongValue, 0, 0, "A value is not what the tests expect.", Severity.Error)))];
        return faults.Count == 0 ? null : new FaultList(faults, 0, WithTests: true);
    }

    // Where the message may come from: where the trace leads, then files that hold most of the names it quotes; without a name, all.
    private static IEnumerable<(string Path, CodeDiagnostic Error)> Places(List<SourceFile> files, string message, IReadOnlyList<FoundError> traced)
    {
        var code = message[..message.IndexOf(':', StringComparison.Ordinal)];
        var language = code == "TypeError" ? null : code == "ReferenceError" ? "javascript" : "python";
        var calls = traced.Where(e => e.Message.Length > 0 && message.EndsWith(e.Message.TrimEnd('.'), StringComparison.Ordinal)).SelectMany(e => e.Calls).ToList();
        var names = Quoted().Matches(message).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();
        var ranked = files.Where(f => language is null || f.Language == language)
            .Select(f => (File: f, Line: calls.Find(c => c.Path == f.Path || c.Path.EndsWith('/' + f.Path, StringComparison.Ordinal))?.Line ?? 0, Names: names.Count(n => Holds(f, n))))
            .OrderBy(f => f.Line > 0 ? 0 : 1).ThenByDescending(f => f.Names).ToList();
        var hit = ranked.Where(f => f.Line > 0 || f.Names > 0).ToList();
        return (hit.Count > 0 ? hit : ranked).Select(f => (f.File.Path, new CodeDiagnostic(code, f.Line, 0, message, Severity.Error)));
    }

    private static bool Holds(SourceFile file, string name)
    {
        for (var at = file.Text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = file.Text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            if (!IsPart(file.Text, at - 1) && !IsPart(file.Text, at + name.Length))
                return true;
        }
        return System.IO.Path.GetFileNameWithoutExtension(file.Path) == name;
    }

    private static bool IsPart(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$');

    /// <summary>What a test run says of unknown names, attributes, methods and modules.</summary>
    public static IEnumerable<string> In(TestReport tests)
    {
        var messages = tests.Cases.Where(c => !c.Passed).Select(c => c.Message ?? "").Append(tests.Output).Append(tests.Reason ?? "");
        // Node's runner gives the message without the error's name.
        return messages.SelectMany(m => Named().Matches(m).Select(n => n.Value).Concat(Bare().Matches(m).Select(b => (b.Value.EndsWith("defined", StringComparison.Ordinal) ? "ReferenceError: " : "TypeError: ") + b.Value)))
            .Select(m => m.Trim().TrimEnd('.')).Distinct(StringComparer.Ordinal).Take(MaxFaults);
    }

    /// <summary>The first failing test as a fault of the first file, for a source that can make something of it.</summary>
    public static FaultList Failure(FixState state)
    {
        var message = state.Tests?.Cases.FirstOrDefault(c => !c.Passed)?.Message ?? state.Tests?.Reason ?? "The tests did not pass.";
        return new FaultList([(state.Files[0].Path, new CodeDiagnostic("TestFailed", 0, 0, message, Severity.Error))], 0, WithTests: true);
    }

    [GeneratedRegex("""'(?:node:)?(?<name>[A-Za-z_$][\w$]*)'|(?<name>[A-Za-z_$][\w$]*)(?:\(\)| is not )|onstructor (?<name>\w+)|\breading '(?<name>\w+)'""", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex("""(?<!: )\b[\w$.]{1,100} is not (?:defined|a function|a constructor|iterable)|\b(?:Assignment to constant variable|Class constructor \w{1,100} cannot be invoked without 'new'|Constructor \w{1,100} requires 'new'|Cannot read properties of undefined \(reading '\w{1,100}'\)|No such built-in module: node:\w{1,100}|The requested module '[^'\n]{1,100}' does not provide an export named '\w{1,100}'|Cannot find module '\w{1,100}')""", RegexOptions.None, 1000)]
    private static partial Regex Bare();

    [GeneratedRegex("""\b(?:NameError|AttributeError|ReferenceError|TypeError|ModuleNotFoundError|UnboundLocalError|ImportError): [^\n]{1,300}""", RegexOptions.None, 1000)]
    private static partial Regex Named();
}
