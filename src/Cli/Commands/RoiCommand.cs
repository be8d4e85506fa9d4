using System.CommandLine;
using Platform.Cli.Demo;
using Platform.Metrics.Savings;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform roi</c>: what the platform saves, by the published formulas. With figures of your own it needs no host.</summary>
internal static class RoiCommand
{
    private static readonly Option<double?> Baseline = new("--baseline-seconds") { Description = "Seconds a task took before." };
    private static readonly Option<double?> Seconds = new("--seconds") { Description = "Seconds a task takes now." };
    private static readonly Option<double?> Rate = new("--rate") { Description = "US dollars an hour. Default 100." };
    private static readonly Option<double?> Tasks = new("--tasks-per-day") { Description = "Tasks a day. Default 50." };
    private static readonly Option<bool> Measured = new("--measured") { Description = "Take what is not given from the jobs of a running host." };

    public static Command Create() =>
        CommandRun.Bind(new Command("roi", "Reckons time and money saved; says which figures were given, measured or assumed.") { Baseline, Seconds, Rate, Tasks, Measured }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var session = run.Get(Measured) ? await HostSession.OpenAsync(run, "all", token) : await HostSession.FindAsync(run, token);
        var roi = session is null ? Offline(run) : await MeasuredAsync(run, session, token);
        if (run.Json)
            CommandRun.Print(DemoReport.RoiOf(roi));
        else
            Show(run, roi);
        return ExitCodes.Success;
    }

    private static async Task<Roi> MeasuredAsync(CommandRun run, HostSession session, CancellationToken token)
    {
        return await new V1.Metrics.MetricsClient(session.Invoker).GetRoiAsync(new RoiRequest
        {
            BaselineSeconds = run.Get(Baseline) ?? 0,
            Seconds = run.Get(Seconds) ?? 0,
            Rate = run.Get(Rate) ?? 0,
            TasksPerDay = run.Get(Tasks) ?? 0,
        }, cancellationToken: token);
    }

    private static Roi Offline(CommandRun run)
    {
        var inputs = new RoiInputs
        {
            BaselineSeconds = run.Get(Baseline) ?? RoiInputs.AssumedBaselineSeconds,
            ActualSeconds = run.Get(Seconds) ?? RoiInputs.AssumedSeconds,
            HourlyRateUsd = run.Get(Rate) ?? RoiInputs.DefaultRateUsd,
            TasksPerDay = run.Get(Tasks) ?? RoiInputs.DefaultTasksPerDay,
        };
        if (inputs.Problems() is [var problem, ..])
            throw new CommandException(ExitCodes.WrongUsage, problem.Message);
        var saved = RoiFormula.Of(inputs);
        var roi = new Roi
        {
            TimeSavedPerTaskSeconds = (double)saved.TimeSavedPerTaskSeconds,
            DailyCostSavings = (double)saved.DailyUsd,
            WeeklyCostSavings = (double)saved.WeeklyUsd,
            MonthlyCostSavings = (double)saved.MonthlyUsd,
            AnnualCostSavings = (double)saved.AnnualUsd,
            Speedup = (double)(saved.Speedup ?? 0),
            BaselineSeconds = inputs.BaselineSeconds,
            BaselineSource = run.Get(Baseline) is null ? "assumed" : "given",
            ActualSeconds = inputs.ActualSeconds,
            ActualSource = run.Get(Seconds) is null ? "assumed" : "given",
            Rate = inputs.HourlyRateUsd,
            TasksPerDay = inputs.TasksPerDay,
            NetDailySavings = (double)saved.DailyUsd,
        };
        roi.Assumptions.Add("No job was looked at: these figures follow from what was given and assumed. The engines' cost is not subtracted.");
        return roi;
    }

    private static void Show(CommandRun run, Roi roi)
    {
        run.Answer.MarkupLineInterpolated($"{roi.TimeSavedPerTaskSeconds:F1} s saved a task: {roi.BaselineSeconds:F1} s before ({roi.BaselineSource}), {roi.ActualSeconds:F1} s now ({roi.ActualSource}), {roi.Speedup:F1} times as fast");
        run.Answer.MarkupLineInterpolated($"{roi.DailyCostSavings:N2} USD a day, {roi.WeeklyCostSavings:N2} a week, {roi.MonthlyCostSavings:N2} a month, {roi.AnnualCostSavings:N2} a year at {roi.Rate:N0} USD an hour and {roi.TasksPerDay:N0} tasks a day");
        foreach (var assumption in roi.Assumptions)
            run.Answer.MarkupLineInterpolated($"[grey]{assumption}[/]");
    }
}
