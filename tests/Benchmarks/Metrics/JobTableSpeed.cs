using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platform.Cli;
using Platform.Contracts;
using Platform.Host;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Metrics;

/// <summary>
/// The live table of jobs in a real browser while 200 jobs a second are accepted: every look finds fifty other rows. No worker runs, so that what is
/// measured is the table and not the jobs.
/// </summary>
internal static class JobTableSpeed
{
    private const string Page = "/jobs";

    /// <summary>Fails when the page froze or did not follow.</summary>
    public static async Task<int> RunAsync(string scripts, string folder)
    {
        await using var simulation = await Simulation.StartAsync(new SimulatorOptions(), folder, CancellationToken.None);
        await using var session = await HostSession.StartAsync($"{ModuleNames.Router},{ModuleNames.Patterns},{ModuleNames.Metrics}", simulation.Settings, CancellationToken.None);
        var address = session.Inside!.Services.GetRequiredService<OpenDoors>().Http.ToString();
        var jobs = new Generation.GenerationClient(session.Invoker);
        await SubmitAsync(jobs, ConsoleSpeed.PerSecond, CancellationToken.None);
        var idle = await ConsoleSpeed.RunAsync(scripts, address, "watch", $"{ConsoleSpeed.Seconds}", Page);
        using var over = new CancellationTokenSource();
        var submitting = SubmitAsync(jobs, int.MaxValue, over.Token);
        var busy = await ConsoleSpeed.RunAsync(scripts, address, "watch", $"{ConsoleSpeed.Seconds}", Page);
        await over.CancelAsync();
        var perSecond = await submitting;
        var conditions = string.Create(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores shared by host, caller and Chromium (headless, no GPU); table of the newest 50 jobs, SQLite; {perSecond:0} jobs/s accepted, {ConsoleSpeed.Number(busy, "edits"):#,0} changes of the page's elements");
        ConsoleSpeed.Row("console job table, longest task at 200 jobs/s", busy, "longest_task", "the same page, none accepted", ConsoleSpeed.Number(idle, "longest_task"), conditions);
        ConsoleSpeed.Row("console job table, gap between frames p99 at 200 jobs/s", busy, "gap_p99", "the same page, none accepted", ConsoleSpeed.Number(idle, "gap_p99"), conditions);
        BenchmarkRow.Of("console job table, swaps a second at 200 jobs/s", ConsoleSpeed.Number(busy, "swaps") / ConsoleSpeed.Seconds, "swaps/s", "jobs a second", perSecond, conditions).Print();
        return ConsoleSpeed.Number(busy, "longest_task") < ConsoleSpeed.LongTaskMs && ConsoleSpeed.Number(busy, "swaps") > 0 && ConsoleSpeed.Number(busy, "rows") > 0 ? 0 : 1;
    }

    /// <summary>Submits at the pace until it is enough or told to stop; says how many a second it came to.</summary>
    private static async Task<double> SubmitAsync(Generation.GenerationClient jobs, int most, CancellationToken over)
    {
        var clock = Stopwatch.StartNew();
        var sent = 0;
        while (sent < most && !over.IsCancellationRequested)
        {
            var due = (int)Math.Min(most, clock.Elapsed.TotalSeconds * ConsoleSpeed.PerSecond);
            await Task.WhenAll(Enumerable.Range(sent, Math.Max(0, due - sent)).Select(number => jobs.SubmitAsync(new GenerateRequest { Task = $"Write post {number}", Kind = JobKinds.Content }, cancellationToken: CancellationToken.None).ResponseAsync));
            sent = Math.Max(sent, due);
            await Task.Delay(ConsoleSpeed.Tick, CancellationToken.None);
        }

        return sent / clock.Elapsed.TotalSeconds;
    }
}
