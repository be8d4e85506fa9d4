using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Asks the pattern memory. A memory that does not answer costs a job its examples, never the job.</summary>
internal sealed class PatternMemory(IPeers peers, PeerCalls calls, InferenceOptions options)
{
    private readonly Patterns.PatternsClient client = new(peers.For(ModuleNames.Patterns));

    private TimeSpan Limit => TimeSpan.FromMilliseconds(options.RecallMs);

    /// <summary>What is known about a job's task; empty when the memory does not answer.</summary>
    public Task<RecallReply> RecallAsync(JobRun run, CancellationToken token)
    {
        var request = new RecallRequest
        {
            Task = run.Request.Task,
            Language = run.Language,
            Project = run.Request.Project,
            Fingerprint = TaskFingerprint.Of(run.Request),
            Top = options.Examples,
            MaxCharacters = options.ExampleCharacters,
            JobId = run.Job.Id,
            AboutSubject = run.Request.SubjectId.Length > 0,
            Paths = { run.Request.Files.Select(file => file.Path) },
            WithTests = run.Request.Tests.Count > 0,
            Simulated = run.Chain.Count > 0 && run.Chain[0].Simulated,
        };
        return calls.AskAsync(run, ModuleNames.Patterns, Limit, call => client.RecallAsync(request, call), static _ => new RecallReply(), token);
    }

    /// <summary>Edits that worked before on an error, and those that did not.</summary>
    public Task<FindFixesReply> FindFixesAsync(JobRun run, string language, string code, string message, string line, CancellationToken token)
    {
        var request = new FindFixesRequest { Language = language, Code = code, Message = message, Line = line, Project = run.Request.Project };
        return calls.AskAsync(run, ModuleNames.Patterns, Limit, call => client.FindFixesAsync(request, call), static _ => new FindFixesReply(), token);
    }

    /// <summary>Patterns for a query of the engine.</summary>
    public async Task<IReadOnlyList<PatternHit>> SearchAsync(JobRun run, string query, int top, CancellationToken token)
    {
        var request = new SearchRequest { Query = query, Project = run.Request.Project, WithShared = true, Language = run.Language, Top = top, WithText = true };
        return (await calls.AskAsync(run, ModuleNames.Patterns, Limit, call => client.SearchAsync(request, call), static _ => new SearchReply(), token)).Results;
    }
}
