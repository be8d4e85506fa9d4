using Platform.Contracts;

namespace Platform.Router;

/// <summary>
/// Replays a verified result. Without tests only an exact fingerprint counts; with tests a close one of the same tenant
/// may be tried, because the runner has the last word. Anything less is an example in the prompt, not an answer.
/// </summary>
internal sealed class ReplayRule : IRouteRule
{
    public string Name => RouteRules.Replay;

    public RouteVerdict Consider(RouteQuestion question)
    {
        if (question.Memory is not { } memory)
            return RouteVerdict.Pass(question.MemorySilence);
        if (memory.Exact is { } exact)
            return new RouteVerdict(Approaches.Pattern, $"A verified result with the same fingerprint exists (job {exact.JobId}).") { PatternId = exact.PatternId };
        if (question.Request.Tests.Count > 0 && memory.Close is { } close)
            return new RouteVerdict(Approaches.Pattern, $"A verified result is near ({close.Similarity:P0}); it is tried against the tests first.") { PatternId = close.PatternId };
        return RouteVerdict.Pass("No verified result matches.");
    }
}
