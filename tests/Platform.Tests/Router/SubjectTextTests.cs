using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Router;
using Platform.Tests.Metrics;
using Platform.V1;
using FigureRow = Platform.Metrics.Rollups.JobRow;

namespace Platform.Tests.Router;

/// <summary>What of a job about a person travels in the open: enough to be counted like any other, and nothing that somebody wrote.</summary>
public sealed class SubjectTextTests
{
    private const string Secret = "written by somebody";

    [Fact]
    public void Figures_OfAJob_AreCountedAsTheJobItself()
    {
        var job = SampleJobs.Job("j", JobStates.Failed, Approaches.Mcp, 10, SampleJobs.Noon);
        job.Request.Task = Secret;
        job.Request.Labels[RequestLabels.Team] = "red";
        job.Request.Labels["ticket"] = Secret;
        job.Request.Tests.Add(new SourceFile { Path = Secret, Text = Secret });
        job.Result = job.Failure.Partial;
        (job.Result.Text, job.Result.Tests, job.Result.MemoryFound) = (Secret, null, 2);
        job.Result.GeneratedTests.Add(new SourceFile { Text = Secret });
        job.Result.Validation = new ValidationReport { Files = { new FileReport { Path = Secret, Syntax = "error", Diagnostics = { new Diagnostic { Message = Secret } } } } };

        var figures = SubjectText.Figures(job);

        figures.ToString().ShouldNotContain(Secret);
        var (whole, open) = (FigureRow.Of(SampleJobs.Message(job)), FigureRow.Of(SampleJobs.Message(figures)));
        open.Team.ShouldBe("red");
        open.Found.ShouldBe(2);
        open.Counts.ShouldBe(whole.Counts);
        (open[Counter.WithTests], open[Counter.Checked]).ShouldBe((1, 1));
    }
}
