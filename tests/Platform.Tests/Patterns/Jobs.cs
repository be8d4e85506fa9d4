using Platform.Contracts;
using Platform.V1;

namespace Platform.Tests.Patterns;

/// <summary>Jobs as the bus brings them.</summary>
internal static class Jobs
{
    public static Job Succeeded(string id, string task, string code, bool withTests = true, bool simulated = false, string project = "")
    {
        var request = new GenerateRequest { Task = task, Kind = JobKinds.Code, Language = "python", Project = project };
        if (withTests)
            request.Tests.Add(new SourceFile { Path = "test_it.py", Language = "python", Text = "assert True" });
        return new Job
        {
            Id = id,
            Tenant = "default",
            State = JobStates.Succeeded,
            Request = request,
            Simulated = simulated,
            Result = new JobResult
            {
                Code = code,
                Text = code,
                Approach = Approaches.Instructions,
                Engine = "e",
                Simulated = simulated,
                Validation = new ValidationReport { Ok = true },
                Tests = withTests ? new TestReport { Outcome = "passed", Passed = 1 } : null,
            },
        };
    }

    public static RecallRequest RecallOf(Job job, string jobId = "", bool simulated = false) => new()
    {
        Task = job.Request.Task,
        Language = job.Request.Language,
        Project = job.Request.Project,
        Fingerprint = TaskFingerprint.Of(job.Request),
        JobId = jobId,
        Simulated = simulated,
        WithTests = job.Request.Tests.Count > 0,
    };
}
