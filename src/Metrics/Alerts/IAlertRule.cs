namespace Platform.Metrics.Alerts;

/// <summary>One reason to raise an alert. Pure: measures and compares, remembers nothing.</summary>
internal interface IAlertRule
{
    /// <summary>Name, such as "latency.instructions".</summary>
    string Name { get; }

    /// <summary>One of <see cref="Severities"/>.</summary>
    string Severity { get; }

    /// <summary>Measures; null when there is too little to judge by.</summary>
    Measurement? Measure(AlertFigures figures);
}

/// <summary>What a rule measured.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Threshold">What it may not exceed.</param>
/// <param name="Message">Figure and threshold in words.</param>
internal sealed record Measurement(double Value, double Threshold, string Message)
{
    /// <summary>The job it is about; empty when it is about many.</summary>
    public string JobId { get; init; } = "";

    /// <summary>Whether the threshold is crossed.</summary>
    public bool Exceeds => Value > Threshold;
}

/// <summary>How bad an alert is.</summary>
internal static class Severities
{
    public const string Information = "info";
    public const string Warning = "warning";
    public const string Critical = "critical";
}
