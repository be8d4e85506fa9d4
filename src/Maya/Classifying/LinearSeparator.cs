namespace Platform.Maya;

/// <summary>
/// One label against the rest: a linear support vector machine with squared hinge loss, solved exactly by dual coordinate descent (Hsieh et al., 2008), the
/// method behind LIBLINEAR. Each example has a cost of its own, so that a rare label is not drowned.
/// </summary>
internal static class LinearSeparator
{
    private const int Epochs = 60;
    private const double Settled = 0.02;

    /// <summary>Weights and bias.</summary>
    /// <param name="vectors">The texts.</param>
    /// <param name="order">Which of them to train on.</param>
    /// <param name="isLabel">Whether a text carries the label.</param>
    /// <param name="costs">Cost of getting a text wrong.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="seed">Seed of the order.</param>
    public static (float[] Weights, float Bias) Fit(IReadOnlyList<Term[]> vectors, IReadOnlyList<int> order, Func<int, bool> isLabel, IReadOnlyList<double> costs, int features, int seed)
    {
        var (weights, bias) = (new float[features], 0f);
        int[] shuffled = [.. order];
        var duals = new double[vectors.Count];
        var random = new Random(seed);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(shuffled);
            var worst = 0.0;
            foreach (var i in shuffled)
            {
                var (sign, dual, diagonal) = (isLabel(i) ? 1f : -1f, duals[i], 0.5 / costs[i]);
                var gradient = (sign * (Margin(weights, vectors[i]) + bias)) - 1 + (diagonal * dual);
                var projected = dual == 0 ? Math.Min(gradient, 0) : gradient;
                worst = Math.Max(worst, Math.Abs(projected));
                if (projected == 0)
                    continue;
                var next = Math.Max(0, dual - (gradient / (Square(vectors[i]) + 1 + diagonal)));
                var step = (float)(next - dual) * sign;
                duals[i] = next;
                foreach (var (row, value) in vectors[i])
                    weights[row] += step * value;
                bias += step;
            }

            if (worst < Settled)
                break;
        }

        return (weights, bias);
    }

    private static float Margin(float[] weights, Term[] vector)
    {
        var sum = 0f;
        foreach (var (row, value) in vector)
            sum += weights[row] * value;
        return sum;
    }

    private static float Square(Term[] vector)
    {
        var sum = 0f;
        foreach (var (_, value) in vector)
            sum += value * value;
        return sum;
    }
}
