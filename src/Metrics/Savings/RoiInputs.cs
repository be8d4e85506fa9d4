using System.Globalization;

namespace Platform.Metrics.Savings;

/// <summary>What the return on investment is reckoned from.</summary>
public sealed record RoiInputs
{
    /// <summary>Most seconds of a task: a year.</summary>
    public const double MostSeconds = 31_536_000;

    /// <summary>Highest hourly rate, in US dollars.</summary>
    public const double MostRateUsd = 100_000;

    /// <summary>Most tasks a day.</summary>
    public const double MostTasksPerDay = 10_000_000;

    /// <summary>Most US dollars of a cost or a target.</summary>
    public const double MostUsd = 1e12;

    /// <summary>Most people of a team.</summary>
    public const double MostPeople = 1_000_000;

    /// <summary>Smallest value beside 0 of any input: what is less is a slip of the pen, and would be divided by.</summary>
    public const double Least = 1e-6;

    /// <summary>US dollars an hour when nothing else is said.</summary>
    public const double DefaultRateUsd = 100;

    /// <summary>Tasks a day when nothing else is said.</summary>
    public const double DefaultTasksPerDay = 50;

    /// <summary>Seconds of a task with the platform when nothing is measured: the limit of the <c>mcp</c> alert.</summary>
    public const double AssumedSeconds = 12;

    /// <summary>Speed-up that is published for the <c>mcp</c> approach; <c>instructions</c> has <see cref="PublishedInstructionsSpeedup"/>.</summary>
    public const double PublishedMcpSpeedup = 17.6;

    /// <summary>Speed-up that is published for the <c>instructions</c> approach.</summary>
    public const double PublishedInstructionsSpeedup = 16.4;

    /// <summary>Seconds of a task without the platform when nothing is measured: <see cref="AssumedSeconds"/> times <see cref="PublishedMcpSpeedup"/>.</summary>
    public const double AssumedBaselineSeconds = AssumedSeconds * PublishedMcpSpeedup;

    /// <summary>Seconds a task takes without the platform.</summary>
    public double BaselineSeconds { get; init; } = AssumedBaselineSeconds;

    /// <summary>Seconds a task takes with the platform.</summary>
    public double ActualSeconds { get; init; } = AssumedSeconds;

    /// <summary>US dollars an hour of the people who would do the task.</summary>
    public double HourlyRateUsd { get; init; } = DefaultRateUsd;

    /// <summary>Tasks a day.</summary>
    public double TasksPerDay { get; init; } = DefaultTasksPerDay;

    /// <summary>What is wrong with the inputs, each naming field, value and limit; empty when nothing is.</summary>
    public IReadOnlyList<RoiProblem> Problems() =>
        [.. new[]
        {
            Check("baseline_seconds", BaselineSeconds, MostSeconds),
            Check("seconds", ActualSeconds, MostSeconds),
            Check("rate", HourlyRateUsd, MostRateUsd),
            Check("tasks_per_day", TasksPerDay, MostTasksPerDay),
        }.OfType<RoiProblem>()];

    /// <summary>What is wrong with one input; null when nothing is.</summary>
    /// <param name="field">Field, as the protocol spells it.</param>
    /// <param name="value">Value found.</param>
    /// <param name="most">Largest value allowed.</param>
    internal static RoiProblem? Check(string field, double value, double most) =>
        value == 0 || (value >= Least && value <= most) ? null
            : new RoiProblem(field, string.Create(CultureInfo.InvariantCulture, $"{field} is {value}; it must be a number from 0 to {most:0}{(value is > 0 and < Least ? $", and at least {Least:0.######} when it is not 0" : "")}."));
}

/// <summary>One input that cannot be used.</summary>
/// <param name="Field">Field, as the command line and the protocol spell it.</param>
/// <param name="Message">What is wrong, with value and limit.</param>
public sealed record RoiProblem(string Field, string Message);
