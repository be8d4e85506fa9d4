using Platform.Simulator.Answers;
using Platform.Simulator.Http;

namespace Platform.Simulator.Scripts;

/// <summary>A script while a server plays it: the first rule that applies gives its next answer.</summary>
internal sealed class ScriptRun(SimulatorScript script)
{
    private readonly long[] calls = new long[script.Rules.Count];

    public IReadOnlyDictionary<string, long> Calls =>
        script.Rules.Select((rule, index) => (rule.Name, Count: Interlocked.Read(ref calls[index]))).ToDictionary(rule => rule.Name, rule => rule.Count);

    /// <summary>The scripted answer, or null when no rule applies.</summary>
    public Answer? Find(SimulatorEngine engine, ChatRequest request)
    {
        for (var index = 0; index < script.Rules.Count; index++)
        {
            var rule = script.Rules[index];
            if (!Applies(rule, engine, request))
                continue;
            var turn = Interlocked.Increment(ref calls[index]) - 1;
            return rule.Answers[(int)Math.Min(turn, rule.Answers.Count - 1)];
        }

        return null;
    }

    private static bool Applies(ScriptRule rule, SimulatorEngine engine, ChatRequest request) =>
        (rule.Engine is null || rule.Engine == engine)
        && rule.Model?.IsMatch(request.Model) != false
        && rule.WhenContains.All(excerpt => request.Prompt.Contains(excerpt, StringComparison.Ordinal))
        && rule.Match.IsMatch(rule.WholePrompt ? request.Prompt : request.LastUser);
}
