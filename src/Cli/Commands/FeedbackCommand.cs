using System.CommandLine;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform feedback</c>: says what became of a result, so that the memory learns from it.</summary>
internal static class FeedbackCommand
{
    private static readonly Argument<string> Job = new("job") { Description = "Id of the job." };
    private static readonly Argument<string> Verdict = new("verdict") { Description = "accepted, edited, rejected or reverted." };
    private static readonly Option<FileInfo?> Diff = new("--diff") { Description = "Unified diff of the edit." };

    public static Command Create()
    {
        Verdict.AcceptOnlyFromAmong([.. Verdicts.All]);
        return CommandRun.Bind(new Command("feedback", "Says what became of a result: accepted, edited, rejected or reverted.") { Job, Verdict, Diff }, RunAsync);
    }

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var diff = run.Get(Diff) is { } file ? await InputFile.ReadTextAsync(file.FullName, token) : "";
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var client = new Generation.GenerationClient(session.Invoker);
        var reply = await client.FeedbackAsync(new FeedbackRequest { JobId = run.Get(Job), Verdict = run.Get(Verdict), Diff = diff }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { reply.Id, job = run.Get(Job), verdict = run.Get(Verdict) });
        else
            run.Say($"Recorded: job {run.Get(Job)} was {run.Get(Verdict)}.");
        return ExitCodes.Success;
    }
}
