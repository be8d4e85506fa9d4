using System.Text;
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
        Request = new GenerateRequest { Kind = job.Request.Kind, Language = job.Request.Language, Lane = job.Request.Lane, Tier = job.Request.Tier, Project = job.Request.Project, Platform = job.Request.Platform },
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
            Validation = result.Validation is null ? null : new ValidationReport { Attempt = result.Validation.Attempt, Ok = result.Validation.Ok },
            Tests = result.Tests is null ? null : new TestReport { Attempt = result.Tests.Attempt, Outcome = result.Tests.Outcome, Passed = result.Tests.Passed, Failed = result.Tests.Failed, Ms = result.Tests.Ms },
        };
        figures.Patterns.AddRange(result.Patterns.Select(pattern => new PatternRef { Id = pattern.Id }));
        figures.Attempts.AddRange(result.Attempts.Select(attempt => new Attempt { Number = attempt.Number, Engine = attempt.Engine, Model = attempt.Model, Source = attempt.Source, Outcome = attempt.Outcome, Usage = attempt.Usage, CostUsd = attempt.CostUsd, Ms = attempt.Ms, FirstTokenMs = attempt.FirstTokenMs }));
        figures.Fallbacks.AddRange(result.Fallbacks.Select(_ => "fallback"));
        return figures;
    }
}
