using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Patterns;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What the memory learned, through its gRPC door.</summary>
public sealed class LearningDoorSpec : IAsyncLifetime
{
    private const string Slug = "def make_slug(title):\n    words = title.lower().split()\n    return '-'.join(words)\n";
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private V1.Patterns.PatternsClient Client => new(_host.Client());

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("patterns", new Dictionary<string, string?> { ["Patterns:WithheldShare"] = "0" });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Job_Learned_IsExplainedCountedExportedAndBanned()
    {
        var job = Jobs.Succeeded("j1", "Make a slug", Slug);
        await Client.RecallAsync(Jobs.RecallOf(job, "j1"), cancellationToken: Token);
        await _host.Services.GetRequiredService<JobLearning>().LearnAsync("default", job, Token);

        var why = await Client.WhyAsync(new WhyRequest { JobId = "j1" }, cancellationToken: Token);
        var figures = await Client.GetAnalyticsAsync(new GetAnalyticsRequest(), cancellationToken: Token);
        using var export = Client.ExportTraining(new ExportTrainingRequest(), cancellationToken: Token);
        var pairs = await export.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        var banned = await Client.BanAsync(new BanRequest { Id = why.LearnedAs, Reason = "no" }, cancellationToken: Token);

        (why.Succeeded, why.Withheld, why.Patterns.Count).ShouldBe((true, false, 0));
        (figures.Projects.Single().Jobs, figures.Hits.All, figures.Top.Single().PatternId).ShouldBe((1, 1, why.LearnedAs));
        pairs.ShouldHaveSingleItem().Task.ShouldBe("Make a slug");
        banned.Banned.ShouldBeTrue();
        (await Client.RecallAsync(Jobs.RecallOf(job), cancellationToken: Token)).Exact.ShouldBeNull();
        (await Client.GetPatternAsync(new GetPatternRequest { Id = why.LearnedAs }, cancellationToken: Token)).Ban.Reason.ShouldBe("no");
    }

    [Fact]
    public async Task WhatIsNotThere_IsSaidByName()
    {
        await Client.WhyAsync(new WhyRequest { JobId = "none-1" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "none-1");
        await Client.BanAsync(new BanRequest { Id = "none-2" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "none-2");
        await Client.BanAsync(new BanRequest { Id = "none-2", Undo = true }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "none-2");
        await Client.CorrectAsync(new CorrectRequest { PatternId = "none-3", Text = "x = 1" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "none-3");
        await Client.SetProjectAsync(new SetProjectRequest { Project = "none-4", Shared = true }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "none-4");
        await Client.BanAsync(new BanRequest { Id = "x", Reason = new string('r', 1_001) }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.InvalidArgument, "reason");
        await Client.SyncAsync(new SyncRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.InvalidArgument, "Patterns:Team");
        using var pull = Client.Pull(new PullRequest { Most = 5_001 }, cancellationToken: Token);
        await pull.ResponseStream.MoveNext(Token).ShouldEndWithAsync(StatusCode.InvalidArgument, "5001");
    }
}
