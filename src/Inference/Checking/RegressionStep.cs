using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>A workspace's own tests before and after an answer: what passed must still pass. The runner runs them; what it cannot run is unchecked and says why.</summary>
internal sealed class RegressionStep(IPeers peers, PeerCalls calls, InferenceOptions options)
{
    // A message to the runner has a limit; a workspace beyond it is not tested.
    private const int MostCharacters = 3_000_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private readonly Runner.RunnerClient client = new(peers.For(ModuleNames.Runner));

    /// <summary>Begins the run before the change; null when the job has no workspace, or the setting is off.</summary>
    public WorkspaceBaseline? Begin(JobRun run, Workspace workspace, CancellationToken token)
    {
        if (!options.WorkspaceTests || (run.Request.WorkspaceId.Length == 0 && run.Request.WorkspacePath.Length == 0) || workspace.IsEmpty)
            return null;
        var files = new List<CodeFile>();
        var characters = 0L;
        // One file beyond the limit is enough to know that none of this will be run.
        foreach (var file in workspace.Paths.Select(workspace.File).OfType<CodeFile>().TakeWhile(_ => characters <= MostCharacters))
        {
            files.Add(file);
            characters += file.Text.Length;
        }

        return new WorkspaceBaseline(files, RunAsync(run, files, token));
    }

    /// <summary>Runs them with the answer in place and compares.</summary>
    public async Task<Regression> CheckAsync(JobRun run, WorkspaceBaseline baseline, IReadOnlyList<CodeFile> answer, CancellationToken token)
    {
        var before = await baseline.Before;
        // Nothing passed, or nothing ran: there is nothing to lose, and no need to run it again.
        var after = before.Cases.Any(test => test.Passed) ? await RunAsync(run, [.. TestStep.Overlay(answer, baseline.Files)], token) : before;
        var found = Validation.Regression.Of(TestStep.Read(before), TestStep.Read(after));
        var said = new Regression { Outcome = found.Outcome.ToString().ToLowerInvariant(), Reason = found.Reason ?? "", PassedBefore = found.PassedBefore };
        said.Lost.AddRange(found.Lost);
        return said;
    }

    private async Task<TestReport> RunAsync(JobRun run, IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        if (files.Sum(file => (long)file.Text.Length) > MostCharacters)
            return new TestReport { Outcome = TestStep.Unchecked, Reason = $"The workspace has more than {MostCharacters:N0} characters; its own tests are run up to that." };
        var request = new RunTestsRequest { Workspace = true };
        request.Code.AddRange(files.Select(file => file.ToWire()));
        var limit = run.Budget.Remaining < Longest ? run.Budget.Remaining : Longest;
        request.TimeoutMs = Math.Max(1, (long)limit.TotalMilliseconds);
        return await calls.AskAsync(run, ModuleNames.Runner, limit, call => client.RunTestsAsync(request, call), TestStep.NotRun, token);
    }
}

/// <summary>A workspace as it was, and the run of its tests that began with the job.</summary>
/// <param name="Files">Its files.</param>
/// <param name="Before">The run.</param>
internal sealed record WorkspaceBaseline(IReadOnlyList<CodeFile> Files, Task<TestReport> Before);
