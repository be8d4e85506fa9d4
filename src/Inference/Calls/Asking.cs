using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>One answer being asked for, over engines, retries and continuations.</summary>
internal sealed class Asking(JobRun run, EngineRequest request, long promptTokens)
{
    private const string WriteOn = "Your answer was cut off. Write on exactly where it stops: no repetition, no comment, no new code fence.";
    private readonly EngineRequest asked = request;
    private string written = "";
    private JointOutlet? joint;
    private Engine? current;

    /// <summary>The job.</summary>
    public JobRun Run => run;

    /// <summary>What is asked now.</summary>
    public EngineRequest Request { get; private set; } = request;

    /// <summary>Estimated tokens of the prompt.</summary>
    public long PromptTokens { get; private set; } = promptTokens;

    /// <summary>Calls made for it.</summary>
    public int Calls { get; set; }

    /// <summary>Who failed first.</summary>
    public Engine? First { get; private set; }

    /// <summary>The last failure.</summary>
    public EngineException? Last { get; private set; }

    /// <summary>The last failure in words.</summary>
    public string Reason => Last?.Message ?? "";

    /// <summary>The next engine's turn; a fallback if another failed before.</summary>
    public void Turn(Engine engine)
    {
        if (current is not null)
            run.Tally.FallBack($"{current.Name} -> {engine.Name}: {Reason}");
        current = engine;
    }

    /// <summary>An engine failed.</summary>
    public void Note(Engine engine, EngineException failure)
    {
        First ??= engine;
        Last = failure;
        if (failure.RulesOutEngine)
            run.RuledOut.TryAdd(engine.Name, true);
    }

    /// <summary>After an answer that was cut by the output limit: doubles the limit if the model allows more.</summary>
    public bool Grow(EngineModel model, EngineException failure)
    {
        if (failure.Kind != FailureKind.OutputLimit || Request.MaxOutputTokens >= model.MaxOutputTokens)
            return false;
        Request = Request with { MaxOutputTokens = Math.Min(Request.MaxOutputTokens * 2, model.MaxOutputTokens) };
        return true;
    }

    /// <summary>The next call is given what came so far and writes on.</summary>
    public void Continue(string partial)
    {
        joint?.Complete();
        written = Join(partial);
        joint = new JointOutlet(written, run.Progress);
        Request = Request with
        {
            Messages = [.. asked.Messages, new ChatMessage(ChatRole.Assistant, written), new ChatMessage(ChatRole.User, WriteOn)],
            Outlet = joint,
        };
        PromptTokens = TokenEstimate.Of(Request.Messages);
    }

    /// <summary>What came so far is thrown away.</summary>
    public void StartAnew()
    {
        (written, joint) = ("", null);
        Request = Request with { Messages = asked.Messages, Outlet = asked.Outlet };
        PromptTokens = TokenEstimate.Of(Request.Messages);
    }

    /// <summary>The whole answer, when it came in parts.</summary>
    public EngineAnswer Whole(EngineAnswer answer)
    {
        if (joint is null)
            return answer;
        joint.Complete();
        var text = Join(answer.Text);
        return answer with { Text = text, Message = new ChatMessage(ChatRole.Assistant, text) };
    }

    private string Join(string next)
    {
        if (written.Length == 0)
            return next;
        var (anew, tail) = Joint.Of(written, next);
        return anew ? next : written + tail;
    }
}
