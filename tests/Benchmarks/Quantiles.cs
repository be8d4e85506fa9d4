namespace Platform.Benchmarks;

/// <summary>A sample of figures and its quantiles.</summary>
internal sealed class Quantiles
{
    private readonly List<double> _values = [];
    private bool _sorted;

    /// <summary>How many.</summary>
    public int Count => _values.Count;

    /// <summary>Adds a figure.</summary>
    public void Add(double value)
    {
        _values.Add(value);
        _sorted = false;
    }

    /// <summary>Adds figures.</summary>
    public void Add(IEnumerable<double> values)
    {
        _values.AddRange(values);
        _sorted = false;
    }

    /// <summary>The figure below which this share of them lies.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public double At(double share)
    {
        if (_values.Count == 0)
            throw new InvalidOperationException("Nothing was measured.");
        if (!_sorted)
            _values.Sort();
        _sorted = true;
        return _values[(int)(share * (_values.Count - 1))];
    }
}
