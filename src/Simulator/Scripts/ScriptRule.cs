using System.Text.RegularExpressions;
using Platform.Simulator.Answers;

namespace Platform.Simulator.Scripts;

/// <summary>One rule: when it applies, and the answers it walks through; the last one repeats.</summary>
internal sealed record ScriptRule(
    string Name,
    Regex Match,
    bool WholePrompt,
    SimulatorEngine? Engine,
    Regex? Model,
    IReadOnlyList<string> WhenContains,
    IReadOnlyList<Answer> Answers);
