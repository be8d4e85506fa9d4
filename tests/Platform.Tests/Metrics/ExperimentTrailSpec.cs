using Platform.Contracts;
using Platform.Metrics.Experiments;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class ExperimentTrailSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task NoteAsync_WhenSomethingChanged_KeepsAPointAMinuteAtMost()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var trail = new ExperimentTrail(folder.Database, folder.Time);
        async Task Note(double chance, TimeSpan later)
        {
            folder.Time.Now += later;
            await trail.NoteAsync("default", [Experiment(chance)], Token);
        }

        await Note(0.5, TimeSpan.Zero);
        await Note(0.5, TimeSpan.FromMinutes(5));
        await Note(0.6, TimeSpan.FromMinutes(5));
        await Note(0.7, TimeSpan.FromSeconds(1));
        await Note(0.7, TimeSpan.FromMinutes(1));

        var course = await trail.ReadAsync("default", "e1", Token);
        course.Select(p => p.Arms[0].Probability).ShouldBe([0.5, 0.6, 0.7]);
        course.Select(p => p.AtMs).ShouldBeInOrder();
        (await trail.ReadAsync("other", "e1", Token)).ShouldBeEmpty();
        (await trail.TenantsAsync(0, Token)).ShouldBe(["default"]);
    }

    [Fact]
    public async Task LookAsync_WhenOneTenantsExperimentsCannotBeRead_NotesTheOthers()
    {
        await using var host = await MetricsHost.StartAsync();
        foreach (var tenant in new[] { "a-broken", "b-sound" })
            await host.Get<FiguresStore>().AddAsync([JobRow.Of(SampleJobs.Message(SampleJobs.Job(tenant, JobStates.Succeeded, Approaches.Mcp, 10, DateTimeOffset.UtcNow), tenant))], [], Token);
        host.Maya.Broken = "a-broken";
        host.Maya.Experiments.Add(Experiment(0.5));
        await host.Get<ExperimentWatch>().LookAsync(Token);
        (await host.Get<ExperimentTrail>().ReadAsync("b-sound", "e1", Token)).Count.ShouldBe(1);
    }

    private static Experiment Experiment(double chance) => new()
    {
        Id = "e1",
        Arms = { new ExperimentArm { Name = "a", Probability = chance, Trials = 10, Successes = 1 }, new ExperimentArm { Name = "b", Probability = 1 - chance } },
    };
}
