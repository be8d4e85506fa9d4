using System.CommandLine;
using Platform.Cli.Demo;
using Platform.Metrics;
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
    private static readonly Option<double?> Tasks = new("--tasks-per-day") { Description = "Tasks a day of one person. Default 50." };
    private static readonly Option<double?> People = new("--people") { Description = "People of the team. Default 1." };
    private static readonly Option<double?> Running = new("--running-cost") { Description = "What running the platform costs a month, in US dollars. Default 0." };
    private static readonly Option<double?> Target = new("--target") { Description = "US dollars a year to aim for. Default 250,000." };
    private static readonly Option<string?> Team = new("--team") { Description = "Only jobs with this label \"team\"; needs a host." };
    private static readonly Option<string?> Project = new("--project") { Description = "Only jobs of this project; needs a host." };
    private static readonly Option<bool> Measured = new("--measured") { Description = "Take what is not given from the jobs of a running host." };

    public static Command Create() =>
        CommandRun.Bind(new Command("roi", "Reckons time and money saved; says which figures were given, measured or assumed.") { Baseline, Seconds, Rate, Tasks, People, Running, Target, Team, Project, Measured }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var session = run.Get(Measured) ? await HostSession.OpenAsync(run, "all", token) : await HostSession.FindAsync(run, token);
        var request = Request(run);
        var roi = session is null ? Offline(request) : await new V1.Metrics.MetricsClient(session.Invoker).GetRoiAsync(request, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(DemoReport.RoiOf(roi));
        else
            Show(run, roi);
        return ExitCodes.Success;
    }

    private static RoiRequest Request(CommandRun run)
    {
        var request = new RoiRequest { Team = run.Get(Team) ?? "", Project = run.Get(Project) ?? "" };
        Set(run.Get(Baseline), v => request.BaselineSeconds = v);
        Set(run.Get(Seconds), v => request.Seconds = v);
        Set(run.Get(Rate), v => request.Rate = v);
        Set(run.Get(Tasks), v => request.TasksPerDay = v);
        Set(run.Get(People), v => request.People = v);
        Set(run.Get(Running), v => request.RunningCostMonth = v);
        Set(run.Get(Target), v => request.TargetUsd = v);
        return request;
    }

    private static void Set(double? given, Action<double> set)
    {
        if (given is { } value)
            set(value);
    }

    private static Roi Offline(RoiRequest request)
    {
        if (request.Team.Length + request.Project.Length > 0)
            throw new CommandException(ExitCodes.WrongUsage, "--team and --project choose among the jobs of a host, and none was found. Start one with 'platform up', or name it with --server.");
        try
        {
            var roi = RoiReckoning.Of(request, RoiEvidence.None, new RoiOptions());
            roi.Assumptions.Add("No job was looked at: these figures follow from what was given and assumed. The engines' cost is not subtracted.");
            return roi;
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, e.Message);
        }
    }

    private static void Show(CommandRun run, Roi roi)
    {
        run.Answer.MarkupLineInterpolated($"{roi.TimeSavedPerTaskSeconds:F1} s saved a task: {roi.BaselineSeconds:F1} s before ({roi.BaselineSource}), {roi.ActualSeconds:F1} s now ({roi.ActualSource}), {roi.Speedup:F1} times as fast");
        run.Answer.MarkupLineInterpolated($"{roi.DailyCostSavings:N2} USD a day, {roi.WeeklyCostSavings:N2} a week, {roi.MonthlyCostSavings:N2} a month, {roi.AnnualCostSavings:N2} a year at {roi.Rate:N0} USD an hour and {roi.TasksPerDay:N0} tasks a day");
        foreach (var line in roi.Ledger.Where(l => l.DailyUsd != 0))
            run.Answer.MarkupLineInterpolated($"{line.DailyUsd,14:N2} USD a day  {line.Name}: {line.How}");
        foreach (var way in roi.Ways.Where(w => w.Possible))
            run.Answer.MarkupLineInterpolated($"{roi.TargetUsd:N0} USD a year with {way.What} {way.Needed:N1} instead of {way.Now:N1}");
        foreach (var assumption in roi.Assumptions)
            run.Answer.MarkupLineInterpolated($"[grey]{assumption}[/]");
    }
}
