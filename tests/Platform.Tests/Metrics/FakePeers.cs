using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Tests.Metrics;

/// <summary>A router that knows the jobs it is given and remembers what it was asked, and for which tenant.</summary>
internal sealed class FakeRouter : Generation.GenerationBase
{
    public List<Job> Jobs { get; } = [];

    public List<string> Asked { get; } = [];

    public Settings Switches { get; } = new() { Fallback = true, FallbackForAll = true };

    public override Task<ListJobsReply> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        Note(context, $"list {request.State}");
        var reply = new ListJobsReply();
        reply.Jobs.Add(Jobs.Where(j => request.State.Length == 0 || j.State == request.State));
        return Task.FromResult(reply);
    }

    public override Task<Job> GetJob(GetJobRequest request, ServerCallContext context) =>
        Task.FromResult(Find(request.JobId));

    public override Task<Job> Submit(GenerateRequest request, ServerCallContext context)
    {
        Note(context, $"submit {request.Task}");
        if (request.Task.Length == 0)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "task is empty; say what shall be made."));
        var job = new Job { Id = "submitted", State = JobStates.Queued, Request = request, CreatedMs = 1 };
        Jobs.Add(job);
        return Task.FromResult(job);
    }

    public override Task<Job> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        Note(context, $"cancel {request.JobId}");
        return Task.FromResult(Find(request.JobId));
    }

    public override Task<Job> ReplayJob(ReplayJobRequest request, ServerCallContext context)
    {
        Note(context, $"replay {request.JobId}");
        return Task.FromResult(Find(request.JobId));
    }

    public override Task<FeedbackReply> Feedback(FeedbackRequest request, ServerCallContext context)
    {
        Note(context, $"feedback {request.JobId} {request.Verdict}");
        return Task.FromResult(new FeedbackReply { Id = "f" });
    }

    public override Task<Settings> GetSettings(GetSettingsRequest request, ServerCallContext context) => Task.FromResult(Switches);

    public override Task<Settings> SetFallback(SetFallbackRequest request, ServerCallContext context)
    {
        Note(context, $"fallback {request.Enabled} {request.ForAll}");
        Switches.Fallback = request.Enabled;
        return Task.FromResult(Switches);
    }

    private Job Find(string id) => Jobs.FirstOrDefault(j => j.Id == id) ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no job '{id}'."));

    private void Note(ServerCallContext context, string what) => Asked.Add($"{Caller.Of(context).Tenant}: {what}");
}

/// <summary>A ledger with jobs that wait, for peers only.</summary>
internal sealed class FakeLedger : V1.Ledger.LedgerBase
{
    public List<WaitingJobs>? Waiting { get; set; }

    public override Task<ListWaitingReply> ListWaiting(ListWaitingRequest request, ServerCallContext context) =>
        Task.FromResult(new ListWaitingReply { Tenants = { Waiting ?? throw new RpcException(new Status(StatusCode.Unavailable, "The ledger is away.")) } });
}

/// <summary>A memory with one project and one pattern.</summary>
internal sealed class FakeMemory : V1.Patterns.PatternsBase
{
    public PatternHit Hit { get; } = new() { Id = "p1", Score = 0.87, Project = "shop", Path = "src/Cart.cs", Name = "Cart.Add", Language = "csharp", Kind = "method", Text = "void Add() {}", StartLine = 3, EndLine = 9, Successes = 4 };

    public override Task<SearchReply> Search(SearchRequest request, ServerCallContext context) => Task.FromResult(new SearchReply { Ms = 1.2, Results = { Hit } });

    public PatternBan? Banned { get; private set; }

    public override Task<Pattern> GetPattern(GetPatternRequest request, ServerCallContext context) =>
        Task.FromResult(new Pattern { Hit = Hit, CreatedMs = 1, Licence = "MIT", Jobs = { "j1" }, Ban = Banned, CorrectedBy = Hit.Text == "void Add() {}" ? "" : "p2" });

    public override Task<BanReply> Ban(BanRequest request, ServerCallContext context)
    {
        Banned = request.Undo ? null : new PatternBan { Reason = request.Reason, AtMs = 1 };
        return Task.FromResult(new BanReply { Id = request.Id, Banned = !request.Undo, Affected = 1 });
    }

    public override Task<CorrectReply> Correct(CorrectRequest request, ServerCallContext context)
    {
        (Hit.Text, Banned) = (request.Text, new PatternBan { AtMs = 1 });
        return Task.FromResult(new CorrectReply { PatternId = request.PatternId, CorrectedBy = "p2" });
    }

    public override Task<PatternStats> GetStats(GetStatsRequest request, ServerCallContext context) => Task.FromResult(new PatternStats { Patterns = 1234, Learned = 12, Index = "local", Embedder = "words-128/1" });

    public override Task<PatternAnalytics> GetAnalytics(GetAnalyticsRequest request, ServerCallContext context) => Task.FromResult(new PatternAnalytics
    {
        Reuse = new Proportion { Count = 3, All = 4, Share = 0.75, Low = 0.3, High = 0.95 },
        Lift = new Lift { WithMemory = new Proportion { Count = 3, All = 4 }, Withheld = new Proportion { Count = 1, All = 4 }, Difference = 0.5, Low = -0.1, High = 0.8 },
        Days = { new MemoryDay { Day = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Added = 12, Learned = 2, Recalls = 4, Hits = 3 } },
    });

    public override Task<ListProjectsReply> ListProjects(ListProjectsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListProjectsReply { Projects = { new Project { Name = "shop", Files = 10, Patterns = 1234, IndexedMs = 1 } } });
}

/// <summary>A content module with one campaign.</summary>
internal sealed class FakeMaya : Content.ContentBase
{
    public Campaign Campaign { get; } = new() { Id = "c1", Name = "Spring", State = "running", Total = 4, Ready = 2, Pending = 2, CreatedMs = 1 };

    public List<Post> Posts { get; } = [new() { Id = "post1", CampaignId = "c1", Platform = "x", Slot = "2026-12-01T09:00:00+00:00", Variant = "a", Text = "Hello", State = "ready", Score = 61, Length = 5 }];

    public List<string> Asked { get; } = [];

    public List<Experiment> Experiments { get; } = [];

    public override Task<ListCampaignsReply> ListCampaigns(ListCampaignsRequest request, ServerCallContext context) => Task.FromResult(new ListCampaignsReply { Campaigns = { Campaign } });

    /// <summary>Tenant whose experiments cannot be read.</summary>
    public string Broken { get; set; } = "";

    public override Task<ListExperimentsReply> ListExperiments(ListExperimentsRequest request, ServerCallContext context) => Caller.Of(context).Tenant == Broken
        ? throw new RpcException(new Status(StatusCode.Internal, "These experiments cannot be read."))
        : Task.FromResult(new ListExperimentsReply { Experiments = { Experiments } });

    public override Task<Campaign> GetCampaign(GetCampaignRequest request, ServerCallContext context) => Task.FromResult(Campaign);

    public override async Task ListPosts(ListPostsRequest request, IServerStreamWriter<Post> responseStream, ServerCallContext context)
    {
        foreach (var post in Posts)
            await responseStream.WriteAsync(post);
        if (BreaksOff)
            throw new RpcException(new Status(StatusCode.Unavailable, "The content module went away."));
    }

    public bool BreaksOff { get; set; }

    /// <summary>Counts characters; twenty are the limit, and "x" alone has threads.</summary>
    public override Task<ContentCheck> CheckContent(CheckContentRequest request, ServerCallContext context) =>
        Task.FromResult(new ContentCheck { Platform = request.Platform, Length = request.Text.Length, Limit = 20, Unit = "characters", Valid = request.Text.Length <= 20 });

    public override Task<FitReply> Fit(FitRequest request, ServerCallContext context)
    {
        if (request.Thread && request.Platform != "x")
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "no threads"));
        var parts = request.Text.Chunk(20).Select(c => new string(c)).ToList();
        return Task.FromResult(new FitReply { Parts = { request.Thread ? parts : parts.Take(1) } });
    }

    public override Task<Experiment> StopExperiment(GetExperimentRequest request, ServerCallContext context)
    {
        Asked.Add($"stop {request.ExperimentId}");
        return Task.FromResult(Experiments.Find(e => e.Id == request.ExperimentId && e.State == "running")
            ?? throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Experiment {request.ExperimentId} is over already.")));
    }

    public override Task<Post> ReviewPost(ReviewPostRequest request, ServerCallContext context)
    {
        Asked.Add($"{request.PostId} {request.Action}");
        return Task.FromResult(Posts[0]);
    }
}
