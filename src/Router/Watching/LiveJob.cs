using System.Text;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// What this replica has heard of one running job. Watchers read at their own pace from a position of their own, and adjacent
/// pieces of text are merged for a slow one, so nothing is queued per watcher and nothing is dropped.
/// </summary>
internal sealed class LiveJob
{
    private readonly Lock _gate = new();
    private readonly List<JobEvent> _events = [];
    private TaskCompletionSource _changed = New();
    private long _lastNumber;
    private bool _closed;

    /// <summary>Watchers that read here; guarded by the feed.</summary>
    public int Watchers { get; set; }

    /// <summary>Adds events of a worker; older numbers than what is there are repeats and are passed over.</summary>
    public void Add(IEnumerable<JobEvent> events)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            foreach (var e in events)
            {
                if (e.Number <= _lastNumber || IsTerminal(e))
                    continue;
                _lastNumber = e.Number;
                _events.Add(e);
            }

            Wake();
        }
    }

    /// <summary>
    /// Adds the end, which only the ledger may say: the stages it has stored and then the last event. The end may overtake messages
    /// that are still on the bus; the stages among them come from the ledger, and text that did not arrive comes whole, as a snapshot.
    /// </summary>
    public void Close(IEnumerable<JobEvent> ending)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            foreach (var e in ending.Where(e => e.Number > _lastNumber))
            {
                if (e.Completed is { } result && MissingText(result.Text) is { } whole)
                    _events.Add(new JobEvent { JobId = e.JobId, Number = e.Number - 1, AtMs = e.AtMs, Snapshot = whole });
                _events.Add(e);
            }

            Wake();
        }
    }

    /// <summary>Reads what came after a position; waits when there is nothing.</summary>
    /// <param name="position">Position in the list of events; moves ahead.</param>
    /// <returns>The events, text pieces of one draft merged; or a task to wait for.</returns>
    public (List<JobEvent> Events, Task Changed) Read(ref int position)
    {
        lock (_gate)
        {
            var events = Merge(_events, position);
            position = _events.Count;
            return (events, _changed.Task);
        }
    }

    /// <summary>Whether an event ends a job.</summary>
    public static bool IsTerminal(JobEvent e) =>
        e.WhatCase is JobEvent.WhatOneofCase.Completed or JobEvent.WhatOneofCase.Failed or JobEvent.WhatOneofCase.Cancelled;

    /// <summary>The whole text when what was heard of the last draft is not all of it.</summary>
    private Snapshot? MissingText(string whole)
    {
        if (whole.Length == 0)
            return null;
        var draft = 1;
        var heard = new StringBuilder();
        foreach (var e in _events)
        {
            var (of, piece, replaces) = e.WhatCase switch
            {
                JobEvent.WhatOneofCase.Token when !e.Token.Reasoning => (e.Token.Draft, e.Token.Text, false),
                JobEvent.WhatOneofCase.Snapshot => (e.Snapshot.Draft, e.Snapshot.Text, true),
                _ => (draft, "", false),
            };
            if (replaces || of != draft)
                heard.Clear();
            draft = of;
            heard.Append(piece);
        }

        return heard.Equals(whole) ? null : new Snapshot { Draft = draft, Text = whole };
    }

    private static List<JobEvent> Merge(List<JobEvent> all, int from)
    {
        var merged = new List<JobEvent>();
        for (var i = from; i < all.Count;)
        {
            var first = all[i];
            var end = i + 1;
            if (first.WhatCase == JobEvent.WhatOneofCase.Token)
            {
                while (end < all.Count && Continues(first, all[end]))
                    end++;
            }

            merged.Add(end == i + 1 ? first : Join(all, i, end));
            i = end;
        }

        return merged;
    }

    private static bool Continues(JobEvent first, JobEvent next) =>
        next.WhatCase == JobEvent.WhatOneofCase.Token && next.Token.Draft == first.Token.Draft && next.Token.Reasoning == first.Token.Reasoning;

    private static JobEvent Join(List<JobEvent> all, int start, int end)
    {
        var text = new StringBuilder();
        for (var i = start; i < end; i++)
            text.Append(all[i].Token.Text);
        var joined = all[end - 1].Clone();
        joined.Token.Text = text.ToString();
        return joined;
    }

    private void Wake()
    {
        var changed = _changed;
        _changed = New();
        changed.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
