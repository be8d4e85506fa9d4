using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Reads failing tests as faults of the code, where their message names one: an unknown name, attribute, method or module.</summary>
internal static partial class RuntimeFaults
{
    private const int MaxFaults = 3;

    /// <summary>The code of a failure that names no cause; it stands for too many kinds to learn from.</summary>
    public const string WrongValue = "WrongValue";

    /// <summary>Faults that the rules may act on; null when the tests say nothing of the kind.</summary>
    public static FaultList? Of(FixState state)
    {
        if (state.Tests is not { Outcome: TestOutcome.Failed or TestOutcome.Crashed } tests || state.Files.Count == 0)
            return null;
        var faults = In(tests).SelectMany(m => state.Files.Select(f => (f.Path, new CodeDiagnostic(m[..m.IndexOf(':', StringComparison.Ordinal)], 0, 0, m, Severity.Error))))
            .ToList();
        // What Node does not stop at, a property that is not there or a promise that nobody awaits, shows only as a wrong value.
        if (faults.Count == 0)
            faults = [.. state.Files.Where(f => f.Language == "javascript").Take(MaxFaults).Select(f => (f.Path, new CodeDiagnostic(WrongValue, 0, 0, "A value is not what the tests expect.", Severity.Error)))];
        return faults.Count == 0 ? null : new FaultList(faults, 0, WithTests: true);
    }

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

    [GeneratedRegex("""(?<!: )\b[\w$.]{1,100} is not (?:defined|a function|a constructor|iterable)|\b(?:Assignment to constant variable|Class constructor \w{1,100} cannot be invoked without 'new'|Constructor \w{1,100} requires 'new'|Cannot read properties of undefined \(reading '\w{1,100}'\)|No such built-in module: node:\w{1,100}|The requested module '[^'\n]{1,100}' does not provide an export named '\w{1,100}'|Cannot find module '\w{1,100}')""", RegexOptions.None, 1000)]
    private static partial Regex Bare();

    [GeneratedRegex("""\b(?:NameError|AttributeError|ReferenceError|TypeError|ModuleNotFoundError|UnboundLocalError|ImportError): [^\n]{1,300}""", RegexOptions.None, 1000)]
    private static partial Regex Named();
}
