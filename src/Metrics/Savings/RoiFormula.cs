namespace Platform.Metrics.Savings;

/// <summary>
/// The published formulas of the return on investment, in decimal arithmetic so that they are right to the cent:
/// <c>saved = baseline - actual</c>; <c>daily = saved / 3600 * rate * tasks</c>; a week has 5 days, a month 22, a year 260.
/// Pure: no store, no clock, no configuration.
/// </summary>
public static class RoiFormula
{
    /// <summary>Working days of a week.</summary>
    public const int DaysPerWeek = 5;

    /// <summary>Working days of a month.</summary>
    public const int DaysPerMonth = 22;

    /// <summary>Working days of a year.</summary>
    public const int DaysPerYear = 260;

    private const decimal SecondsPerHour = 3600;

    /// <summary>Reckons the savings; they are negative when the platform is slower than the baseline.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public static RoiSavings Of(RoiInputs inputs)
    {
        var problems = inputs.Problems();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(p => p.Message)), nameof(inputs));
        var baseline = (decimal)inputs.BaselineSeconds;
        var actual = (decimal)inputs.ActualSeconds;
        var saved = baseline - actual;
        return new RoiSavings
        {
            TimeSavedPerTaskSeconds = saved,
            DailyUsd = saved * (decimal)inputs.HourlyRateUsd * (decimal)inputs.TasksPerDay / SecondsPerHour,
            Speedup = actual == 0 ? null : baseline / actual,
        };
    }
}

/// <summary>What is saved.</summary>
public sealed record RoiSavings
{
    /// <summary>Seconds saved a task; negative when the platform is slower.</summary>
    public required decimal TimeSavedPerTaskSeconds { get; init; }

    /// <summary>US dollars a day.</summary>
    public required decimal DailyUsd { get; init; }

    /// <summary>US dollars a week of five days.</summary>
    public decimal WeeklyUsd => DailyUsd * RoiFormula.DaysPerWeek;

    /// <summary>US dollars a month of 22 days.</summary>
    public decimal MonthlyUsd => DailyUsd * RoiFormula.DaysPerMonth;

    /// <summary>US dollars a year of 260 days.</summary>
    public decimal AnnualUsd => DailyUsd * RoiFormula.DaysPerYear;

    /// <summary>Baseline divided by actual; null when the actual time is 0.</summary>
    public required decimal? Speedup { get; init; }
}
