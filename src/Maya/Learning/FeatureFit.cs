using MathNet.Numerics.LinearAlgebra;

namespace Platform.Maya;

/// <summary>
/// Linear regression on one-hot features with a normal prior per kind of feature, whose width is learned from the data (empirical Bayes by
/// expectation-maximisation): a kind that explains nothing is shrunk to nothing, and all features are judged with the others held equal.
/// </summary>
internal sealed class FeatureFit
{
    private const int MostLevels = 40;
    private const int LeastPosts = 2;
    private const int Rounds = 60;
    private const double FirstVariance = 0.05;
    private const double LeastVariance = 1e-7;
    private const double Settled = 1e-4;
    private const double FlatPrecision = 1e-6;
    private readonly Dictionary<string, int> _columns;
    private readonly Dictionary<string, (int Column, double Share)[]> _kinds;
    private readonly Vector<double> _mean;
    private readonly Matrix<double> _covariance;

    private FeatureFit(Dictionary<string, int> columns, Matrix<double> gram, Vector<double> mean, Matrix<double> covariance, double noise)
    {
        (_columns, _mean, _covariance, Noise) = (columns, mean, covariance, noise);
        _kinds = columns.GroupBy(c => PostFeatures.Split(c.Key).Kind).ToDictionary(kind => kind.Key,
            kind => kind.Select(c => (c.Value, gram[c.Value, c.Value] / kind.Sum(other => gram[other.Value, other.Value]))).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Variance that no feature explains.</summary>
    public double Noise { get; }

    /// <summary>Features that were fitted.</summary>
    public IEnumerable<string> Features => _columns.Keys;

    /// <summary>
    /// Effect of a feature against the average of its kind as the account posts, and its standard deviation; zero when it was not fitted. The contrast is what
    /// the data can tell: a shift that all values of a kind share is the account's own level.
    /// </summary>
    public (double Mean, double Deviation) Effect(string feature)
    {
        if (!_columns.TryGetValue(feature, out var at))
            return (0, 0);
        var contrast = _kinds[PostFeatures.Split(feature).Kind].Select(k => (k.Column, Weight: (k.Column == at ? 1 : 0) - k.Share)).ToArray();
        var variance = contrast.Sum(a => contrast.Sum(b => a.Weight * b.Weight * _covariance[a.Column, b.Column]));
        return (contrast.Sum(c => c.Weight * _mean[c.Column]), Math.Sqrt(Math.Max(0, variance)));
    }

    /// <summary>Prediction for features: mean and standard deviation of a new value.</summary>
    public (double Mean, double Deviation) Predict(IReadOnlyList<string> features)
    {
        var row = Row(features);
        var (mean, variance) = (row.Sum(i => _mean[i]), Noise);
        foreach (var i in row)
            variance += row.Sum(j => _covariance[i, j]);
        return (mean, Math.Sqrt(Math.Max(variance, LeastVariance)));
    }

    /// <summary>Fits values to features.</summary>
    public static FeatureFit Fit(IReadOnlyList<IReadOnlyList<string>> features, IReadOnlyList<double> values)
    {
        var levels = Levels(features);
        var columns = levels.Select((level, i) => (level, i)).ToDictionary(x => x.level, x => x.i + 1, StringComparer.Ordinal);
        var kinds = levels.Select(level => PostFeatures.Split(level).Kind).ToArray();
        var rows = features.Select(f => Row(columns, f)).ToArray();
        var (gram, moment) = Sums(rows, values, levels.Count + 1);
        var prior = kinds.Distinct().ToDictionary(kind => kind, _ => FirstVariance, StringComparer.Ordinal);
        var noise = Math.Max(LeastVariance, values.Select(v => v * v).Average());
        var (mean, covariance) = Solve(gram, moment, kinds, prior, noise);
        for (var round = 0; round < Rounds; round++)
        {
            var moved = Widen(kinds, prior, mean, covariance);
            var free = 1 + kinds.Select((kind, i) => 1 - (covariance[i + 1, i + 1] / prior[kind])).Sum(share => Math.Clamp(share, 0, 1));
            noise = Math.Max(LeastVariance, Residual(rows, values, mean) / Math.Max(1, values.Count - free));
            (mean, covariance) = Solve(gram, moment, kinds, prior, noise);
            if (moved < Settled)
                break;
        }

        return new(columns, gram, mean, covariance, noise);
    }

    private List<int> Row(IReadOnlyList<string> features) => Row(_columns, features);

    /// <summary>Column 0 is the account's own level.</summary>
    private static List<int> Row(Dictionary<string, int> columns, IReadOnlyList<string> features)
    {
        var row = new List<int>(features.Count + 1) { 0 };
        foreach (var feature in features)
        {
            if (columns.TryGetValue(feature, out var at))
                row.Add(at);
        }

        return row;
    }

    /// <summary>Features that can be told apart: seen at least twice, and of a kind that takes more than one value.</summary>
    private static List<string> Levels(IReadOnlyList<IReadOnlyList<string>> features) =>
        [.. features.SelectMany(f => f.Distinct()).CountBy(f => f).Where(f => f.Value >= LeastPosts)
            .GroupBy(f => PostFeatures.Split(f.Key).Kind).Where(kind => kind.Count() > 1)
            .SelectMany(kind => kind.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).Take(MostLevels)).Select(f => f.Key)];

    private static (Matrix<double> Gram, Vector<double> Moment) Sums(List<int>[] rows, IReadOnlyList<double> values, int size)
    {
        var gram = Matrix<double>.Build.Dense(size, size);
        var moment = Vector<double>.Build.Dense(size);
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var a in rows[i])
            {
                moment[a] += values[i];
                foreach (var b in rows[i])
                    gram[a, b]++;
            }
        }

        return (gram, moment);
    }

    private static (Vector<double> Mean, Matrix<double> Covariance) Solve(Matrix<double> gram, Vector<double> moment, string[] kinds, Dictionary<string, double> prior, double noise)
    {
        var precision = gram / noise;
        precision[0, 0] += FlatPrecision;
        for (var i = 0; i < kinds.Length; i++)
            precision[i + 1, i + 1] += 1 / prior[kinds[i]];
        var covariance = precision.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(precision.RowCount));
        return (covariance * moment / noise, covariance);
    }

    /// <summary>New widths of the priors; returns by how much the widest moved.</summary>
    private static double Widen(string[] kinds, Dictionary<string, double> prior, Vector<double> mean, Matrix<double> covariance)
    {
        var moved = 0.0;
        foreach (var kind in prior.Keys.ToList())
        {
            var squares = Enumerable.Range(0, kinds.Length).Where(i => kinds[i] == kind).Average(i => (mean[i + 1] * mean[i + 1]) + covariance[i + 1, i + 1]);
            var next = Math.Max(LeastVariance, squares);
            moved = Math.Max(moved, Math.Abs(next - prior[kind]));
            prior[kind] = next;
        }

        return moved;
    }

    private static double Residual(List<int>[] rows, IReadOnlyList<double> values, Vector<double> mean)
    {
        var sum = 0.0;
        for (var i = 0; i < rows.Length; i++)
            sum += Math.Pow(values[i] - rows[i].Sum(at => mean[at]), 2);
        return sum;
    }
}
