using System.Text;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>What of a job about a person may travel in the open: figures and names of the platform's own, no text.</summary>
internal static class SubjectText
{
    /// <summary>A closed job without anything that somebody wrote. Fields are taken over one by one: a new field stays out until it is listed here.</summary>
    public static Job Figures(Job job) => new()
    {
        Id = job.Id,
        Tenant = job.Tenant,
        State = job.State,
        CreatedMs = job.CreatedMs,
        StartedMs = job.StartedMs,
        ClosedMs = job.ClosedMs,
        Fence = job.Fence,
        BatchId = job.BatchId,
        Simulated = job.Simulated,
        CancelRequested = job.CancelRequested,
        Request = Figures(job.Request),
        Route = new RouteDecision { Approach = job.Route.Approach, Engine = job.Route.Engine, Model = job.Route.Model, Tier = job.Route.Tier },
        Result = job.Result is null ? null : Figures(job.Result),
        Failure = job.Failure is null ? null : new Failure { Code = job.Failure.Code, Transient = job.Failure.Transient },
    };

    /// <summary>The lines of a diff without what stands in them: they can still be counted.</summary>
    public static string Shape(string diff)
    {
        var shape = new StringBuilder();
        foreach (var line in diff.AsSpan().EnumerateLines())
        {
            if (line is ['+' or '-', ..])
                shape.Append(line.StartsWith("+++ ") || line.StartsWith("--- ") ? line[..4] : line[..1]).Append('\n');
        }

        return shape.ToString();
    }

    /// <summary>The team's name is the caller's own mark of where a job belongs, not of whom it is about. Of tests only how many there are.</summary>
    private static GenerateRequest Figures(GenerateRequest request)
    {
        var figures = new GenerateRequest { Kind = request.Kind, Language = request.Language, Lane = request.Lane, Tier = request.Tier, Project = request.Project, Platform = request.Platform };
        if (request.Labels.TryGetValue(RequestLabels.Team, out var team))
            figures.Labels[RequestLabels.Team] = team;
        figures.Tests.AddRange(request.Tests.Select(_ => new SourceFile()));
        return figures;
    }

    private static JobResult Figures(JobResult result)
    {
        var figures = new JobResult
        {
            Approach = result.Approach,
            Engine = result.Engine,
            Model = result.Model,
            Simulated = result.Simulated,
            FirstTokenMs = result.FirstTokenMs,
            TotalMs = result.TotalMs,
            QueueMs = result.QueueMs,
            EngineCalls = result.EngineCalls,
            Usage = result.Usage,
            CostUsd = result.CostUsd,
            PromptVersion = result.PromptVersion,
            TestsTrust = result.TestsTrust,
            Retries = result.Retries,
            Hedges = result.Hedges,
            SharedAnswers = result.SharedAnswers,
            MemoryWithheld = result.MemoryWithheld,
            Validation = result.Validation is null ? null : new ValidationReport { Attempt = result.Validation.Attempt, Ok = result.Validation.Ok, Files = { result.Validation.Files.Select(file => new FileReport { Syntax = file.Syntax }) } },
            Tests = result.Tests is null ? null : new TestReport { Attempt = result.Tests.Attempt, Outcome = result.Tests.Outcome, Passed = result.Tests.Passed, Failed = result.Tests.Failed, Ms = result.Tests.Ms },
        };
        if (result.HasMemoryFound)
            figures.MemoryFound = result.MemoryFound;
        figures.GeneratedTests.AddRange(result.GeneratedTests.Select(_ => new SourceFile()));
        figures.Patterns.AddRange(result.Patterns.Select(pattern => new PatternRef { Id = pattern.Id }));
        figures.Attempts.AddRange(result.Attempts.Select(attempt => new Attempt { Number = attempt.Number, Engine = attempt.Engine, Model = attempt.Model, Source = attempt.Source, Outcome = attempt.Outcome, Usage = attempt.Usage, CostUsd = attempt.CostUsd, Ms = attempt.Ms, FirstTokenMs = attempt.FirstTokenMs }));
        figures.FailedEngines.AddRange(result.FailedEngines);
        figures.Fallbacks.AddRange(result.Fallbacks.Select(_ => "fallback"));
        return figures;
    }
}
