using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Platform.Patterns;

/// <summary>
/// A figure a pattern number. Numbers only rise, so after much churn few of them are alive: then only those that have a figure are kept, and a query takes
/// memory by what there is, not by what there ever was.
/// </summary>
internal sealed class NumberScores : IDisposable
{
    private const long AlwaysDense = 1_000_000;
    private const long NumbersPerDoc = 16;
    private float[]? _dense;
    private readonly Dictionary<long, float>? _sparse;
    private readonly long _last;

    /// <param name="lastNumber">Highest number.</param>
    /// <param name="docs">Patterns that there are.</param>
    public NumberScores(long lastNumber, long docs)
    {
        _last = lastNumber;
        if (lastNumber > AlwaysDense && lastNumber / NumbersPerDoc > docs)
            _sparse = [];
        else
            _dense = Zeros((int)lastNumber + 1);
    }

    /// <summary>Whether only the numbers that have a figure are kept.</summary>
    public bool IsSparse => _sparse is not null;

    /// <summary>The figure of a number, to read or to change; the number is one that <see cref="Holds"/>.</summary>
    public ref float this[long number] => ref _dense is not null ? ref _dense[number] : ref CollectionsMarshal.GetValueRefOrAddDefault(_sparse!, number, out _);

    /// <summary>Whether a number can have a figure.</summary>
    public bool Holds(long number) => number >= 0 && number <= _last;

    /// <summary>The figure of a number; 0 when it has none.</summary>
    public float Of(long number) => !Holds(number) ? 0 : _dense is not null ? _dense[number] : _sparse!.GetValueOrDefault(number);

    /// <summary>The best of those above 0.</summary>
    public List<Scored> Best(NumberSet? allowed, HashSet<long> removed, int top)
    {
        var best = new TopNumbers(top);
        var dense = _dense.AsSpan(0, _dense is null ? 0 : (int)_last + 1);
        var at = 0;
        // Most figures are too low, many together.
        for (; at <= dense.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(dense[at..]), new Vector<float>(MathF.Max(0, best.Threshold))))
                ConsiderAll(dense.Slice(at, Vector<float>.Count), at);
        }

        ConsiderAll(dense[at..], at);
        foreach (var (number, score) in _sparse ?? [])
            Consider(best, number, score, allowed, removed);
        return best.Drain();

        void ConsiderAll(ReadOnlySpan<float> figures, int first)
        {
            for (var i = 0; i < figures.Length; i++)
                Consider(best, first + i, figures[i], allowed, removed);
        }
    }

    /// <summary>Gives the memory back: so much of it made anew for every query cost as much as the query.</summary>
    public void Dispose()
    {
        if (_dense is not null)
            ArrayPool<float>.Shared.Return(_dense);
        _dense = [];
    }

    private static float[] Zeros(int count)
    {
        var rented = ArrayPool<float>.Shared.Rent(count);
        rented.AsSpan(0, count).Clear();
        return rented;
    }

    private static void Consider(TopNumbers best, long number, float score, NumberSet? allowed, HashSet<long> removed)
    {
        if (score > best.Threshold && score > 0 && (allowed is null || allowed.Contains(number)) && !removed.Contains(number))
            best.Add(number, score);
    }
}
