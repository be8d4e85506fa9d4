using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Inference;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>
/// Thousands of watched streams through an embedded host while engines fail now and then and callers leave or cancel: what is left in
/// memory, connections, threads, timers and temporary files at the end must be what was there after the first thousand, and every stream must have said its whole text.
/// </summary>
internal static class Soak
{
    private const int Default = 10_000;
    private const int First = 1_000;
    private const int AtATime = 64;
    private const double MostGrowth = 1.2;

    private const string TemporaryFolder = "TMPDIR";

    private static readonly (string, double)[] Faults =
        [("500", 0.01), ("mid-stream-error", 0.005), ("cut", 0.005), ("cut-clean", 0.005), ("length", 0.003), ("empty", 0.003), ("split-utf8", 0.005), ("429-queue", 0.001)];

    /// <summary>Command <c>soak [JOBS]</c>; 1 when something grew or a stream was not whole.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var jobs = args is [var number] && int.TryParse(number, out var wanted) && wanted > First ? wanted : args is [] ? Default : throw new ArgumentException($"soak takes a number of jobs above {First}.");
        var scratch = Directory.CreateTempSubdirectory("platform-soak-");
        var usual = Environment.GetEnvironmentVariable(TemporaryFolder);
        Environment.SetEnvironmentVariable(TemporaryFolder, scratch.FullName);
        await using var simulator = await SimulatorProcess.StartAsync(Faults);
        var settings = EngineSettings.Simulated(simulator.Address);
        settings["Inference:InteractiveJobs"] = $"{AtATime}";
        settings["Inference:BackoffMs"] = "5";
        var passed = false;
        await using (var system = await BenchmarkSystem.StartAsync(false, settings, CancellationToken.None))
        {
            var clock = Stopwatch.StartNew();
            var work = new SoakWork(system.Jobs);
            await work.RunAsync(First, AtATime);
            var early = await SettleAsync(system);
            await work.RunAsync(jobs - First, AtATime);
            var late = await SettleAsync(system);
            passed = Report(early, late, work, $"{jobs:N0} watched streams, {AtATime} at a time, {clock.Elapsed.TotalSeconds:0} s; faults {string.Join(", ", Faults.Select(fault => FormattableString.Invariant($"{fault.Item1} {fault.Item2:0.0%}")))}; 2% of the callers leave, 2% cancel; {system.Conditions}; Simulator in a process of its own");
        }

        // What is measured after this one must not look for a folder that is gone.
        Environment.SetEnvironmentVariable(TemporaryFolder, usual);
        scratch.Delete(recursive: true);
        return passed ? 0 : 1;
    }

    private static async Task<Footprint> SettleAsync(BenchmarkSystem system)
    {
        var executor = system.Host!.Services.GetRequiredService<JobExecutor>();
        for (var i = 0; i < 300 && executor.Count > 0; i++)
            await Task.Delay(100);
        // Idle threads and what the last jobs still had to tell metrics and memory.
        await Task.Delay(TimeSpan.FromSeconds(5));
        return Footprint.Take(executor.Count);
    }

    private static bool Report(Footprint early, Footprint late, SoakWork work, string conditions)
    {
        var good = true;
        Row("managed memory", early.ManagedMegabytes, late.ManagedMegabytes, "MB", early.ManagedMegabytes * MostGrowth);
        Row("resident memory", early.ResidentMegabytes, late.ResidentMegabytes, "MB", early.ResidentMegabytes * MostGrowth);
        Row("open sockets", early.Sockets, late.Sockets, "sockets", early.Sockets + AtATime);
        Row("open files", early.Files, late.Files, "files", early.Files + 8);
        Row("threads", early.Threads, late.Threads, "threads", early.Threads + 16);
        Row("timers", early.Timers, late.Timers, "timers", early.Timers + 32);
        Row("temporary files", early.TemporaryFiles, late.TemporaryFiles, "files", early.TemporaryFiles);
        Row("jobs still running", early.Running, late.Running, "jobs", 0);
        Row("streams that were not whole", 0, work.Torn, "streams", 0);
        Row("jobs that failed", 0, work.Failed, "jobs", work.Done * 0.01);
        Console.Error.WriteLine($"soak: {work}");
        return good;

        void Row(string name, double first, double last, string unit, double most)
        {
            good &= last <= most;
            BenchmarkRow.Of($"soak: {name} at the end", last, unit, $"after the first {First:N0}", first, $"{(last <= most ? "kept" : "MISSED")}, at most {FormattableString.Invariant($"{most:0.#}")}; {conditions}").Print();
        }
    }
}

/// <summary>Jobs of a soak, each watched to its end, left, or cancelled.</summary>
internal sealed class SoakWork(Generation.GenerationClient jobs)
{
    private int _number;
    private int _succeeded;
    private int _left;
    private int _cancelled;
    private int _failed;
    private int _torn;

    /// <summary>Jobs that were tried.</summary>
    public int Done => _number;

    /// <summary>Jobs that failed.</summary>
    public int Failed => _failed;

    /// <summary>Streams whose pieces were not the text of the result.</summary>
    public int Torn => _torn;

    /// <summary>Runs so many.</summary>
    public async Task RunAsync(int count, int atATime)
    {
        var end = _number + count;
        await Task.WhenAll(Enumerable.Range(0, atATime).Select(async _ =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref _number);
                if (number > end)
                    break;
                await RunAsync(number);
            }
        }));
        _number = end;
    }

    /// <inheritdoc />
    public override string ToString() => $"{_succeeded} succeeded, {_failed} failed, {_cancelled} cancelled, {_left} left, {_torn} torn";

    private async Task RunAsync(int number)
    {
        var request = number % 10 == 0 ? BatchRun.Code(number % 400) : BatchRun.Post(number);
        var (leaves, cancels) = (number % 50 == 7, number % 50 == 23);
        using var call = jobs.Generate(request);
        var text = new StringBuilder();
        var draft = 1;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var said = call.ResponseStream.Current;
            switch (said.WhatCase)
            {
                case JobEvent.WhatOneofCase.Accepted when cancels:
                    await jobs.CancelJobAsync(new CancelJobRequest { JobId = said.JobId });
                    break;
                case JobEvent.WhatOneofCase.Token when leaves:
                    Interlocked.Increment(ref _left);
                    return;
                case JobEvent.WhatOneofCase.Token when !said.Token.Reasoning:
                    Begin(said.Token.Draft);
                    text.Append(said.Token.Text);
                    break;
                case JobEvent.WhatOneofCase.Snapshot:
                    Begin(said.Snapshot.Draft);
                    text.Clear().Append(said.Snapshot.Text);
                    break;
                case JobEvent.WhatOneofCase.Completed:
                    Interlocked.Increment(ref _succeeded);
                    if (request.Kind == JobKinds.Content && text.ToString().Trim() != said.Completed.Text)
                        Interlocked.Increment(ref _torn);
                    break;
                case JobEvent.WhatOneofCase.Failed:
                    Interlocked.Increment(ref _failed);
                    Console.Error.WriteLine($"soak: {said.Failed.Code}: {said.Failed.Message}");
                    break;
                case JobEvent.WhatOneofCase.Cancelled:
                    Interlocked.Increment(ref _cancelled);
                    break;
            }
        }

        void Begin(int of)
        {
            if (of != draft)
                text.Clear();
            draft = of;
        }
    }
}
