using System.Text;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// What a running job has to say. Numbers every event, keeps stage events until the ledger has them, merges pieces of text
/// until the next message goes out, and knows the whole text of the current draft.
/// </summary>
internal sealed class JobProgress(string jobId, long fence, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly StringBuilder text = new();
    private readonly List<JobEvent> stages = [];
    private List<JobEvent> live = [];
    private TaskCompletionSource signal = NewSignal();
    private TaskCompletionSource urgent = NewSignal();
    private long sequence;
    private int storedLength = -1;
    private bool spoken;

    /// <summary>Draft that text belongs to, from 1.</summary>
    public int Draft { get; private set; } = 1;

    /// <summary>Whether anybody watches; without watchers nothing is kept for them.</summary>
    public bool Watched { get; set; }

    /// <summary>Number of the last event.</summary>
    public long LastNumber
    {
        get
        {
            lock (gate)
                return JobId.EventNumber(fence, sequence);
        }
    }

    /// <summary>Text of the current draft.</summary>
    public string Text
    {
        get
        {
            lock (gate)
                return text.ToString();
        }
    }

    /// <summary>Whether the current draft has text or reasoning that watchers may have seen.</summary>
    public bool HasText
    {
        get
        {
            lock (gate)
                return spoken;
        }
    }

    /// <summary>Whether the ledger lacks anything.</summary>
    public bool HasNews
    {
        get
        {
            lock (gate)
                return stages.Count > 0 || LacksText;
        }
    }

    private bool LacksText => text.Length > 0 && text.Length != storedLength;

    /// <summary>Says something that is stored and sent.</summary>
    public void Say(Action<JobEvent> fill)
    {
        lock (gate)
        {
            var said = Next();
            fill(said);
            stages.Add(said);
            Send(said.Clone());
        }
    }

    /// <summary>Passes on a piece of an answer. It is sent, not stored: the snapshot carries it.</summary>
    public void Token(string piece, bool reasoning)
    {
        if (piece.Length == 0)
            return;
        lock (gate)
        {
            var first = !spoken;
            spoken = true;
            if (!reasoning)
                text.Append(piece);
            if (Watched && live is [.., { WhatCase: JobEvent.WhatOneofCase.Token } last] && last.Token.Draft == Draft && last.Token.Reasoning == reasoning)
            {
                last.Token.Text += piece;
                last.Number = JobId.EventNumber(fence, ++sequence);
            }
            else
            {
                var said = Next();
                said.Token = new TokenDelta { Draft = Draft, Text = piece, Reasoning = reasoning };
                Send(said);
            }

            if (first && Watched)
                urgent.TrySetResult();
        }
    }

    /// <summary>Throws the text so far away: what follows belongs to a higher draft. Says nothing when nothing was said.</summary>
    public void Restart(string reason)
    {
        lock (gate)
        {
            if (!spoken)
                return;
            spoken = false;
            text.Clear();
            storedLength = -1;
            Draft++;
        }

        Say(said => said.Restarted = new Restarted { Draft = Draft, Reason = reason });
    }

    /// <summary>What watchers have not seen yet.</summary>
    public IReadOnlyList<JobEvent> TakeLive()
    {
        lock (gate)
        {
            var events = live;
            live = [];
            signal = Renew(signal);
            urgent = Renew(urgent);
            return events;
        }
    }

    /// <summary>Completes when there is something for the watchers.</summary>
    public Task WhenLiveAsync()
    {
        lock (gate)
            return signal.Task;
    }

    /// <summary>Completes when what waits begins a draft: it goes out without waiting for more.</summary>
    public Task WhenUrgentAsync()
    {
        lock (gate)
            return urgent.Task;
    }

    /// <summary>What the ledger lacks. It stays here until <see cref="Acknowledge"/>.</summary>
    public RenewRequest ToRenewal()
    {
        lock (gate)
        {
            var renewal = new RenewRequest { JobId = jobId, Fence = fence };
            renewal.Events.AddRange(stages);
            if (LacksText)
            {
                renewal.Snapshot = new Snapshot { Draft = Draft, Text = text.ToString() };
                renewal.SnapshotNumber = JobId.EventNumber(fence, sequence);
            }

            return renewal;
        }
    }

    /// <summary>The ledger has this renewal.</summary>
    public void Acknowledge(RenewRequest renewal)
    {
        lock (gate)
        {
            stages.RemoveRange(0, Math.Min(renewal.Events.Count, stages.Count));
            if (renewal.Snapshot?.Draft == Draft)
                storedLength = renewal.Snapshot.Text.Length;
        }
    }

    /// <summary>Stage events that the ledger lacks, for the report. Repeats are passed over there.</summary>
    public IReadOnlyList<JobEvent> Stages()
    {
        lock (gate)
            return [.. stages];
    }

    private JobEvent Next() => new() { JobId = jobId, Number = JobId.EventNumber(fence, ++sequence), AtMs = time.GetUtcNow().ToUnixTimeMilliseconds() };

    private void Send(JobEvent said)
    {
        if (!Watched)
            return;
        live.Add(said);
        signal.TrySetResult();
    }

    private static TaskCompletionSource Renew(TaskCompletionSource source) => source.Task.IsCompleted ? NewSignal() : source;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
