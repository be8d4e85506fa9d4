namespace Platform.Metrics.Charts;

/// <summary>One place on the time axis of a chart.</summary>
/// <param name="AtMs">Start of the bucket, in milliseconds since 1970 UTC.</param>
/// <param name="Values">One value a series, in the order of the series.</param>
public sealed record ChartPoint(long AtMs, IReadOnlyList<double> Values);

/// <summary>One series of a chart.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Colour">Class of the style sheet that colours it, such as "good" or "bad".</param>
public sealed record ChartSeries(string Name, string Colour);
