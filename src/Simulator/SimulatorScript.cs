using Platform.Simulator.Scripts;

namespace Platform.Simulator;

/// <summary>A script is wrong; the message gives line, rule and what would be right.</summary>
public sealed class SimulatorScriptException(string message) : FormatException(message);

/// <summary>
/// Prepared answers: rules that match prompts, each with a sequence of answers. Immutable; every server that plays it has its
/// own counters. The format is described in the README of this module.
/// </summary>
public sealed class SimulatorScript
{
    private const long MaxBytes = 16 << 20;

    internal SimulatorScript(IReadOnlyList<ScriptRule> rules) => Rules = rules;

    /// <summary>Number of rules.</summary>
    public int Count => Rules.Count;

    internal IReadOnlyList<ScriptRule> Rules { get; }

    /// <summary>Reads a script from YAML or JSON text.</summary>
    /// <exception cref="SimulatorScriptException">The text is no valid script.</exception>
    public static SimulatorScript Parse(string text) => ScriptReader.Read(text);

    /// <summary>Reads a script file, YAML or JSON, UTF-8, 16 MiB at most.</summary>
    /// <exception cref="SimulatorScriptException">The file is missing, too large or no valid script.</exception>
    public static SimulatorScript Load(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new SimulatorScriptException($"script: '{path}' does not exist");
        if (file.Length > MaxBytes)
            throw new SimulatorScriptException($"script: '{path}' has {file.Length} bytes; the limit is {MaxBytes}");
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (SimulatorScriptException problem)
        {
            throw new SimulatorScriptException($"{path}: {problem.Message}");
        }
    }
}
