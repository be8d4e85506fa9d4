using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Counts calls, tokens and money of one job and of its current attempt. Failed and cancelled calls count as well: what an
/// engine worked before it broke is billed.
/// </summary>
internal sealed class Tally
{
    private readonly Lock gate = new();

    /// <summary>Upstream calls made, failed ones included.</summary>
    public int Calls { get; private set; }

    /// <summary>Times an engine was asked again.</summary>
    public int Retries { get; private set; }

    /// <summary>Second calls made because the first was late.</summary>
    public int Hedges { get; private set; }

    /// <summary>Answers taken from an equal request instead of an engine.</summary>
    public int Shared { get; private set; }

    /// <summary>Fallbacks in words.</summary>
    public List<string> Fallbacks { get; } = [];

    /// <summary>Engines that were asked and gave no answer, each once.</summary>
    public SortedSet<string> FailedEngines { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether any answer came from a simulator.</summary>
    public bool Simulated { get; private set; }

    /// <summary>Tokens of the job.</summary>
    public TokenUsage Usage { get; } = new();

    /// <summary>Money of the job, in US dollars.</summary>
    public decimal CostUsd { get; private set; }

    /// <summary>Tokens of the current attempt.</summary>
    public TokenUsage AttemptUsage { get; private set; } = new();

    /// <summary>Money of the current attempt.</summary>
    public decimal AttemptCostUsd { get; private set; }

    /// <summary>Raw usage of the current attempt.</summary>
    public List<string> AttemptRaw { get; private set; } = [];

    /// <summary>Time from claim to the job's first token, in milliseconds; null before it.</summary>
    public double? FirstTokenMs { get; set; }

    /// <summary>Begins the figures of another attempt.</summary>
    public void BeginAttempt()
    {
        AttemptUsage = new TokenUsage();
        AttemptCostUsd = 0;
        AttemptRaw = [];
    }

    /// <summary>Counts a call that is about to be made.</summary>
    public void Call(bool simulated)
    {
        lock (gate)
        {
            Calls++;
            Simulated |= simulated;
        }
    }

    /// <summary>Counts a call of the same engine again.</summary>
    public void Retry()
    {
        lock (gate)
            Retries++;
    }

    /// <summary>Counts a second call beside a late one.</summary>
    public void Hedge()
    {
        lock (gate)
            Hedges++;
    }

    /// <summary>Counts an answer that another request paid for.</summary>
    public void Share(bool simulated)
    {
        lock (gate)
        {
            Shared++;
            Simulated |= simulated;
        }
    }

    /// <summary>Notes that another engine was asked.</summary>
    public void FallBack(string words)
    {
        lock (gate)
            Fallbacks.Add(words);
    }

    /// <summary>Notes that an engine was asked and gave no answer.</summary>
    public void GaveNothing(string engine)
    {
        lock (gate)
            FailedEngines.Add(engine);
    }

    /// <summary>Marks the job as simulated once an answer says so.</summary>
    public void MarkSimulated() => Simulated = true;

    /// <summary>Counts what a call used.</summary>
    public void Use(TokenUsage usage, decimal costUsd, string raw)
    {
        lock (gate)
        {
            Pricing.Add(Usage, usage);
            Pricing.Add(AttemptUsage, usage);
            CostUsd += costUsd;
            AttemptCostUsd += costUsd;
            AttemptRaw.Add(raw);
        }
    }
}
