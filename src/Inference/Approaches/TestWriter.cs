using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Tests first: when a caller asks for verified code and has no tests, an engine writes them from the task alone, by another prompt, before any
/// code exists. Where there is unfinished code they must compile with it and fail on it; tests that pass already test nothing.
/// </summary>
internal sealed class TestWriter(EngineCaller caller, PromptBuilder prompts, CodeChecks checks, TestStep tests)
{
    private const int Tries = 2;
    private const int MostTokens = 8_192;
    private const float Temperature = 0.2f;

    private static readonly Dictionary<string, string> Frameworks = new(StringComparer.Ordinal)
    {
        ["csharp"] = "xunit v3 (using Xunit; [Fact], [Theory], Assert)",
        ["python"] = "unittest",
        ["javascript"] = "node:test and node:assert",
    };

    /// <summary>Adds tests to the job's request, if it asks for them and has none.</summary>
    /// <returns>Whether they were written.</returns>
    /// <exception cref="JobException">No usable tests came: code that nobody can check is not what was asked for.</exception>
    public async Task<bool> WriteAsync(JobRun run, CancellationToken token)
    {
        if (!run.Request.WriteTests || run.Request.Tests.Count > 0)
            return false;
        if (!Frameworks.TryGetValue(run.Language, out var framework))
            throw new JobException(FailureCodes.NoTests, $"write_tests: no tests can be run for language '{run.Language}'; the languages are {string.Join(", ", Frameworks.Keys)}.", transient: false);
        var problem = "";
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var answer = await caller.AskAsync(run, Request(run, framework, problem), token);
            var found = CodeChecks.Extract(answer.Text, run.Language);
            problem = found.Problem ?? await ProblemAsync(run, found.Files, token);
            if (problem.Length > 0)
                continue;
            run.Request.Tests.AddRange(found.Files.Select(file => new SourceFile { Path = file.Path, Language = file.Language, Text = file.Text }));
            return true;
        }

        throw new JobException(FailureCodes.NoTests, $"write_tests: the engine wrote no usable tests. {problem}", transient: true);
    }

    private EngineRequest Request(JobRun run, string framework, string problem) => new()
    {
        Messages = prompts.Tests(run, framework, problem.Length == 0 ? "" : DataBlock.Of("check", problem)),
        Tier = ModelTiers.Quality,
        Temperature = Temperature,
        MaxOutputTokens = MostTokens,
        Stream = !run.IsBatch,
        Outlet = SilentOutlet.Instance,
    };

    /// <summary>Why tests cannot be used; empty when they can.</summary>
    private async Task<string> ProblemAsync(JobRun run, IReadOnlyList<CodeFile> files, CancellationToken token)
    {
        if (run.Request.Files.Count == 0)
            return "";
        IReadOnlyList<CodeFile> stub = [.. run.Request.Files.Select(CodeFile.Of)];
        var trial = run.Request.Tests;
        trial.AddRange(files.Select(file => new SourceFile { Path = file.Path, Language = file.Language, Text = file.Text }));
        try
        {
            var report = await tests.RunAsync(run, stub, [], token);
            return report.Outcome switch
            {
                TestStep.Passed => "They pass on the unfinished code, so they test nothing.",
                TestStep.Failed when report.Cases.Count == 0 && await CompilesAsync(run, stub, token) => $"They do not compile with the unfinished code: {TestStep.FirstFailure(report)}",
                _ => "",
            };
        }
        finally
        {
            trial.Clear();
        }
    }

    /// <summary>Some unfinished code does not compile by itself; then nothing can be said of its tests yet.</summary>
    private async Task<bool> CompilesAsync(JobRun run, IReadOnlyList<CodeFile> stub, CancellationToken token) => (await checks.CheckAsync(run, stub, [], token)).Ok;
}
