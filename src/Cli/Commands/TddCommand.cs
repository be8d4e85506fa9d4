using System.CommandLine;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform tdd</c>: code for a folder with instructions, unfinished code and tests, until the tests pass or the budget ends.</summary>
internal static class TddCommand
{
    private static readonly Argument<string> Folder = new("task-dir") { Description = "Folder with instructions.md, unfinished code and tests." };
    private static readonly Option<string> Approach = new("--approach") { Description = "pattern, instructions, mcp or traditional. Default: the router decides.", DefaultValueFactory = static _ => "" };
    private static readonly Option<int> Attempts = new("--max-attempts") { Description = "Most attempts. Default 5.", DefaultValueFactory = static _ => 5 };
    private static readonly Option<double> Cost = new("--max-cost") { Description = "Most that it may cost, in US dollars." };
    private static readonly Option<double> Seconds = new("--max-seconds") { Description = "Most time it may take." };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Write the code into the folder when the tests pass; what was there is kept beside it as .bak." };
    private static readonly Option<bool> Coverage = new("--coverage") { Description = "Measure which lines of the code the tests reach." };
    private static readonly Option<bool> Simulate = new("--simulate") { Description = "Answer with the Simulator, in a host inside this command; the result says so." };

    public static Command Create()
    {
        Approach.AcceptOnlyFromAmong([.. Approaches.All]);
        return CommandRun.Bind(new Command("tdd", "Writes code for a folder with instructions, unfinished code and tests until the tests pass; without tests they are written first.")
        {
            Folder, Approach, Attempts, Cost, Seconds, Apply, Coverage, Simulate,
        }, RunAsync);
    }

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var task = await TaskFolder.ReadAsync(run.Get(Folder)!, token);
        await using var simulation = run.Get(Simulate) ? await Simulation.StartAsync(run, token) : null;
        await using var session = simulation is null
            ? await HostSession.OpenAsync(run, "all", token)
            : await HostSession.StartAsync("all", simulation.Settings, token);
        var view = new JobView(run);
        var job = await JobFollow.ToItsEndAsync(new Generation.GenerationClient(session.Invoker), Request(run, task), view, token);
        var result = job.Result ?? job.Failure?.Partial ?? new JobResult();
        var passed = job.State == JobStates.Succeeded && result.Tests?.Outcome == "passed";
        if (passed && run.Get(Apply))
            await WriteAsync(run, result, token);
        if (run.Json)
            CommandRun.Print(Document(job, result, passed));
        else
            view.Finish(job);
        return passed ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static GenerateRequest Request(CommandRun run, TaskFolder task)
    {
        var request = new GenerateRequest
        {
            Task = task.Instructions,
            Language = task.Language,
            Approach = run.Get(Approach),
            MaxAttempts = run.Get(Attempts),
            MaxCostUsd = run.Get(Cost),
            DeadlineMs = (long)(run.Get(Seconds) * 1000),
            WriteTests = task.Tests.Count == 0,
            Coverage = run.Get(Coverage),
        };
        request.Files.AddRange(task.Code);
        request.Tests.AddRange(task.Tests);
        return request;
    }

    private static async Task WriteAsync(CommandRun run, JobResult result, CancellationToken token)
    {
        var root = Path.GetFullPath(run.Get(Folder)!);
        if (result.Files.FirstOrDefault(file => !InPlace(root, file).StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) is { } outside)
            throw new CommandException(ExitCodes.Failed, $"The answer names the file '{outside.Path}', which lies outside the folder; nothing was written.");
        foreach (var file in result.Files)
        {
            var path = InPlace(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path))
                File.Copy(path, Backup(path));
            await File.WriteAllTextAsync(path, file.Text, token);
            run.Say($"wrote {file.Path}");
        }
    }

    // The first one is what the user had; it is never written over.
    private static string Backup(string path)
    {
        var backup = path + ".bak";
        for (var n = 2; File.Exists(backup); n++)
            backup = $"{path}.bak{n}";
        return backup;
    }

    private static string InPlace(string root, ResultFile file) => Path.GetFullPath(Path.Combine(root, file.Path));

    private static object Document(Job job, JobResult result, bool passed) => new
    {
        passed,
        attempts = result.Attempts.Count,
        code = result.Code,
        // Who made the code that counts: an engine, or what repaired it.
        source = result.Attempts.LastOrDefault()?.Source is { Length: > 0 } source ? source : result.Approach == Approaches.Pattern ? "memory" : "engine",
        job = job.Id,
        result.Simulated,
        files = result.Files.Select(file => new { file.Path, file.Language, file.Text }),
        tests = new { outcome = result.Tests?.Outcome ?? "unchecked", passed = result.Tests?.Passed ?? 0, failed = result.Tests?.Failed ?? 0, trust = result.TestsTrust },
        coverage = result.Tests?.Coverage is { } coverage ? new
        {
            lines = coverage.Lines,
            covered = coverage.Covered,
            files = coverage.Files.Select(file => new { file.Path, file.Lines, file.Missed }),
        } : null,
        failures = (result.Tests?.Cases ?? []).Where(test => !test.Passed).Select(test => new { test.Name, test.Message, test.Line }),
        cost_usd = result.CostUsd,
        ms = Math.Round(result.TotalMs, 1),
        failure = job.State == JobStates.Succeeded ? null : new { code = job.Failure?.Code, message = job.Failure?.Message },
    };
}
