namespace Platform.Metrics.Alerts;

/// <summary>
/// Decides what a measurement does to an alert. Hysteresis: it opens above the threshold and closes only after several judgements
/// in a row below a share of it, so that a figure that wavers around the threshold is one alert. Too little to judge by counts as calm.
/// </summary>
internal static class AlertJudge
{
    /// <summary>Judges one rule.</summary>
    /// <param name="open">The rule's open alert, or null.</param>
    /// <param name="measured">What the rule measured, or null.</param>
    /// <param name="options">Thresholds.</param>
    public static Verdict Judge(AlertRow? open, Measurement? measured, AlertOptions options)
    {
        if (open is null)
            return measured is { Exceeds: true } ? Verdict.Open : Verdict.Nothing;
        if (measured is not null && measured.Value > measured.Threshold * options.CloseBelow)
            return Verdict.Keep;
        return open.Calm + 1 >= options.CalmJudgements ? Verdict.Close : Verdict.Calm;
    }

    /// <summary>What to do.</summary>
    internal enum Verdict
    {
        /// <summary>There is no alert and there shall be none.</summary>
        Nothing,

        /// <summary>Open an alert.</summary>
        Open,

        /// <summary>It stays open; calm judgements start anew.</summary>
        Keep,

        /// <summary>It stays open, one judgement calmer.</summary>
        Calm,

        /// <summary>Close it.</summary>
        Close,
    }
}
