using System.CommandLine;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform generate</c>: one request, streamed to the terminal, with its proof.</summary>
internal static class GenerateCommand
{
    private static readonly Argument<string> Text = new("text") { Description = "The task; '-' reads it from standard input." };
    private static readonly Option<string> Approach = new("--approach") { Description = "pattern, instructions, mcp or traditional. Default: the router decides.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Language = new("--language") { Description = "Language of the answer, such as csharp or python.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Project = new("--project") { Description = "Project whose patterns come first.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string[]> Tests = new("--tests") { Description = "File or folder of tests that the answer must pass; may be given several times.", DefaultValueFactory = static _ => [] };
    private static readonly Option<DirectoryInfo?> Workspace = new("--workspace") { Description = "Folder that the answer builds on. It is read, never written." };
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write the code to this file." };
    private static readonly Option<bool> Simulate = new("--simulate") { Description = "Answer with the Simulator, in a host inside this command; the result says so." };
    private static readonly Option<int> Attempts = new("--max-attempts") { Description = "Most attempts of the test-and-fix loop." };
    private static readonly Option<bool> WriteTests = new("--write-tests") { Description = "Without tests of yours: have an engine write tests from the task first; the code must pass them." };
    private static readonly Option<string> Subject = new("--subject") { Description = "Person the task is about; what is kept is sealed under that person's key and can be erased.", DefaultValueFactory = static _ => "" };
    private static readonly Option<double> Cost = new("--max-cost") { Description = "Most that the job may cost, in US dollars." };

    public static Command Create()
    {
        Approach.AcceptOnlyFromAmong([.. Approaches.All]);
        return CommandRun.Bind(new Command("generate", "Makes code for a task, checks it, runs your tests and shows what happened.")
        {
            Text, Approach, Language, Project, Tests, Workspace, Out, Simulate, Attempts, Cost, WriteTests, Subject,
        }, RunAsync);
    }

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var simulation = run.Get(Simulate) ? await Simulation.StartAsync(run, token) : null;
        await using var session = simulation is null
            ? await HostSession.OpenAsync(run, "all", token)
            : await HostSession.StartAsync("all", simulation.Settings, token);
        var client = new Generation.GenerationClient(session.Invoker);
        var request = await RequestAsync(run, client, token);
        var view = new JobView(run);
        var job = await JobFollow.ToItsEndAsync(client, request, view, token);
        if (run.Get(Out) is { } file && job.State == JobStates.Succeeded)
            await File.WriteAllTextAsync(file.FullName, job.Result.Code, token);
        if (run.Json)
            CommandRun.Print(JobDocument.Of(job, view.FirstTokenMs));
        else
            view.Finish(job);
        return job.State == JobStates.Succeeded ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<GenerateRequest> RequestAsync(CommandRun run, Generation.GenerationClient client, CancellationToken token)
    {
        var text = run.Get(Text)!;
        var request = new GenerateRequest
        {
            Task = text == "-" ? await Console.In.ReadToEndAsync(token) : text,
            Approach = run.Get(Approach),
            Language = run.Get(Language),
            Project = run.Get(Project),
            MaxAttempts = run.Get(Attempts),
            MaxCostUsd = run.Get(Cost),
            WriteTests = run.Get(WriteTests),
            SubjectId = run.Get(Subject),
        };
        foreach (var path in run.Get(Tests)!)
            request.Tests.AddRange(await TestFiles.ReadAsync(path, token));
        if (run.Get(Workspace) is { } folder)
            request.WorkspaceId = await WorkspaceUpload.SendAsync(client, folder, token);
        return request;
    }
}
