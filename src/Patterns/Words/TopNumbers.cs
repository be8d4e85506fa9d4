namespace Platform.Patterns;

/// <summary>A pattern number and how near it is; higher is nearer.</summary>
internal readonly record struct Scored(long Number, float Score);

/// <summary>Keeps the best few of many. Equal scores go by number, so that a query gives the same answer twice.</summary>
internal sealed class TopNumbers(int capacity)
{
    private readonly PriorityQueue<Scored, Scored> _worstFirst = new(Math.Min(capacity, 4096) + 1, Comparer<Scored>.Create(Worse));

    /// <summary>What a newcomer must exceed, once full.</summary>
    public float Threshold { get; private set; } = float.NegativeInfinity;

    public void Add(long number, float score)
    {
        var item = new Scored(number, score);
        if (_worstFirst.Count < capacity)
            _worstFirst.Enqueue(item, item);
        else if (Worse(item, _worstFirst.Peek()) > 0)
            _worstFirst.EnqueueDequeue(item, item);
        if (_worstFirst.Count == capacity)
            Threshold = _worstFirst.Peek().Score;
    }

    /// <summary>Best first.</summary>
    public List<Scored> Drain()
    {
        var list = new List<Scored>(_worstFirst.Count);
        while (_worstFirst.TryDequeue(out var item, out _))
            list.Add(item);
        list.Reverse();
        return list;
    }

    private static int Worse(Scored a, Scored b) => a.Score != b.Score ? a.Score.CompareTo(b.Score) : b.Number.CompareTo(a.Number);
}
