using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>One call as it is about to be made.</summary>
/// <param name="Engine">Who is asked.</param>
/// <param name="Model">Which of its models.</param>
/// <param name="Request">What is asked.</param>
/// <param name="PromptTokens">Estimated tokens of the prompt.</param>
/// <param name="Patience">Longest wait for the engine's quota.</param>
/// <param name="Last">No other engine could answer.</param>
/// <param name="Reason">Why this engine is asked now; empty for the first.</param>
internal sealed record CallPlan(Engine Engine, EngineModel Model, EngineRequest Request, long PromptTokens, TimeSpan Patience, bool Last, string Reason)
{
    /// <summary>Most tokens of the answer that this model may write.</summary>
    public int MaxOutputTokens => Math.Min(Request.MaxOutputTokens, Model.MaxOutputTokens);

    /// <summary>Tokens that the engine reserves for it.</summary>
    public double Reserved => PromptTokens + MaxOutputTokens;
}
