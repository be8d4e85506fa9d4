namespace Platform.Inference;

/// <summary>How a call ended, for the pace of the next.</summary>
/// <param name="Answered">It gave a complete answer.</param>
/// <param name="Failure">What went wrong. Neither an answer nor a failure says nothing of the engine: the caller left.</param>
/// <param name="RetryAfter">How long the engine asks to wait.</param>
/// <param name="Tokens">Tokens that count against its quota.</param>
/// <param name="FirstTokenMs">Time to the first token; null when the answer came as a whole, which says nothing of how crowded the engine is.</param>
internal readonly record struct CallEnd(bool Answered, FailureKind? Failure, TimeSpan? RetryAfter, double Tokens, double? FirstTokenMs);

/// <summary>One call in line or open at an engine.</summary>
internal sealed class PacedCall(ModelPace pace, double tokens, bool isBatch, TimeSpan patience) : IDisposable
{
    private static readonly AsyncLocal<PacedCall?> Flowing = new();
    private readonly TaskCompletionSource<bool> turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int closed;

    /// <summary>The call that the current flow makes: clients of other makers hide the headers, and the HTTP handler below them sees these.</summary>
    public static PacedCall? Current => Flowing.Value;

    /// <summary>Tokens it reserves.</summary>
    public double Tokens => tokens;

    /// <summary>Whether nobody waits for it.</summary>
    public bool IsBatch => isBatch;

    /// <summary>Longest wait that makes sense.</summary>
    public TimeSpan Patience => patience;

    /// <summary>Completes when it may go; false when it should look again at how things stand, because they have changed.</summary>
    public Task<bool> Turn => turn.Task;

    /// <summary>What each quota had granted when it went.</summary>
    public Dictionary<(QuotaUnit Unit, TimeSpan Window), double> Granted { get; } = [];

    /// <summary>How it ended; until somebody says so it was left with nothing used.</summary>
    public CallEnd End { get; set; }

    /// <summary>Makes it the call of the current flow.</summary>
    public void Flow() => Flowing.Value = this;

    /// <summary>Its turn has come; a call that was left meanwhile gives its place back.</summary>
    public void Grant()
    {
        if (!turn.TrySetResult(true))
            pace.Close(this, End);
    }

    /// <summary>Sent out of the line.</summary>
    public void LookAgain() => turn.TrySetResult(false);

    /// <summary>Stops waiting.</summary>
    public void Leave()
    {
        if (turn.TrySetCanceled())
            pace.Leave(this);
    }

    /// <summary>Takes what the headers of its answer say.</summary>
    public void Observe(IReadOnlyList<QuotaReading> readings) => pace.Observe(this, readings);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref closed, 1) == 0)
            pace.Close(this, End);
    }
}
