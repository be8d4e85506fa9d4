using Platform.Simulator.Faults;
using Platform.Simulator.Http;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Answers;

/// <summary>Cuts an answer to what the request and the model allow, and plays the faults that change its content.</summary>
internal static class AnswerLimits
{
    public static Answer Apply(Answer answer, ChatRequest request, ModelProfile profile, Damage damage)
    {
        if (damage == Damage.Empty)
            return answer with { Text = "", Reasoning = "", ToolCalls = [], Finish = Finish.Stop };
        answer = Stop(answer, request.Stops);
        var limit = Math.Min(request.MaxTokens ?? profile.MaxOutput, profile.MaxOutput);
        if (damage == Damage.Length)
            limit = Math.Min(limit, Math.Max(1, answer.Tokens / 2));
        return answer.Tokens > limit ? Cut(answer, limit) : damage == Damage.Length ? answer with { Finish = Finish.Length } : answer;
    }

    private static Answer Stop(Answer answer, IReadOnlyList<string> stops)
    {
        foreach (var stop in stops.Where(stop => stop.Length > 0))
        {
            var at = answer.Text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0)
                answer = answer with { Text = answer.Text[..at], Finish = Finish.Stop, StoppedBy = stop };
        }

        return answer;
    }

    /// <summary>Reasoning comes first and eats from the same limit; a tool call that does not fit is not made.</summary>
    private static Answer Cut(Answer answer, int limit)
    {
        var reasoning = TokenCount.Cut(answer.Reasoning, limit);
        var text = TokenCount.Cut(answer.Text, limit - TokenCount.Of(reasoning));
        return answer with { Reasoning = reasoning, Text = text, ToolCalls = [], Finish = Finish.Length, StoppedBy = null };
    }
}
