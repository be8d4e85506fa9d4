using Platform.Simulator.Http;
using Platform.Simulator.Limits;
using Platform.Simulator.Scripts;

namespace Platform.Simulator.Answers;

/// <summary>Finds the answer to a request: the script first, then the rules that make answers up.</summary>
internal sealed class AnswerSource(SimulatorScript? script, int seed)
{
    private readonly ScriptRun? run = script is null ? null : new ScriptRun(script);

    public IReadOnlyDictionary<string, long> RuleCalls => run?.Calls ?? new Dictionary<string, long>();

    public Answer Find(SimulatorEngine engine, ChatRequest request, ModelProfile profile)
    {
        var answer = run?.Find(engine, request) ?? GeneratedAnswer.Write(request, seed);
        var thinks = request.Reasoning ?? (engine != SimulatorEngine.Anthropic && profile.Reasons);
        if (answer.Reasoning.Length > 0)
            return request.Reasoning == false ? answer with { Reasoning = "" } : answer;
        return thinks && answer.Fault is null ? answer with { Reasoning = "Simulated reasoning: rules, no model." } : answer;
    }
}
