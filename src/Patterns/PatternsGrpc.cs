using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>The gRPC door of the memory: translates, calls, translates back. The tenant comes from the caller's key.</summary>
internal sealed class PatternsGrpc(PatternCore core) : V1.Patterns.PatternsBase
{
    private const int MaxUsesShown = 50;
    private readonly PatternCatalog catalog = core.Catalog;

    public override Task<SearchReply> Search(SearchRequest request, ServerCallContext context) =>
        AnswerAsync(() => catalog.SearchAsync(Tenant(context), request, context.CancellationToken));

    public override Task<RecallReply> Recall(RecallRequest request, ServerCallContext context) =>
        AnswerAsync(() => core.Recall.RunAsync(Tenant(context), request, context.CancellationToken));

    public override Task<FindFixesReply> FindFixes(FindFixesRequest request, ServerCallContext context) =>
        AnswerAsync(() => core.Fixes.FindAsync(Tenant(context), request, context.CancellationToken));

    public override Task<LearnFixesReply> LearnFixes(LearnFixesRequest request, ServerCallContext context) =>
        AnswerAsync(() => core.TriedFixes.LearnAsync(Tenant(context), request, context.CancellationToken));

    public override Task<IndexReply> Index(IAsyncStreamReader<IndexChunk> requestStream, ServerCallContext context) =>
        AnswerAsync(() => IndexAsync(requestStream, Tenant(context), context.CancellationToken));

    public override async Task ListFiles(ListFilesRequest request, IServerStreamWriter<IndexedFile> responseStream, ServerCallContext context)
    {
        foreach (var file in await catalog.Store.FilesAsync(Tenant(context), request.Project, context.CancellationToken))
            await responseStream.WriteAsync(file, context.CancellationToken);
    }

    public override async Task<ListProjectsReply> ListProjects(ListProjectsRequest request, ServerCallContext context)
    {
        var reply = new ListProjectsReply();
        reply.Projects.Add(await catalog.Store.ProjectsAsync(Tenant(context), context.CancellationToken));
        reply.Store = await catalog.Store.IdentityAsync(Tenant(context), context.CancellationToken);
        return reply;
    }

    public override Task<PatternStats> GetStats(GetStatsRequest request, ServerCallContext context) =>
        catalog.StatsAsync(Tenant(context), request.Project, context.CancellationToken);

    public override Task<ForgetReply> Forget(ForgetRequest request, ServerCallContext context) =>
        AnswerAsync(() => catalog.ForgetAsync(Tenant(context), request, context.CancellationToken));

    public override Task<SearchReply> Recommend(RecommendRequest request, ServerCallContext context) =>
        AnswerAsync(() => core.Recommendation.RunAsync(Tenant(context), request, context.CancellationToken));

    public override Task<CheckReply> Check(CheckRequest request, ServerCallContext context) =>
        AnswerAsync(() => catalog.CheckAsync(Tenant(context), request.Repair, context.CancellationToken));

    public override async Task<Pattern> GetPattern(GetPatternRequest request, ServerCallContext context)
    {
        var pattern = await PatternHistory.ReadAsync(catalog.Store, Tenant(context), request.Id, MaxUsesShown, context.CancellationToken);
        return pattern ?? throw Missing($"There is no pattern '{request.Id}'. It may have been forgotten or replaced.");
    }

    public override async Task<WhyReply> Why(WhyRequest request, ServerCallContext context) =>
        await core.Reasons.OfAsync(Tenant(context), request.JobId, context.CancellationToken) ?? throw Missing($"The memory has not learned of a job '{request.JobId}'. It learns when a code job closes; jobs about a person are not learned from.");

    public override async Task<BanReply> Ban(BanRequest request, ServerCallContext context) =>
        await core.Bans.RunAsync(Tenant(context), request, context.CancellationToken) ?? throw Missing($"There is no pattern and no fix '{request.Id}'.");

    public override async Task<CorrectReply> Correct(CorrectRequest request, ServerCallContext context) =>
        await AnswerAsync(() => core.Correction.RunAsync(Tenant(context), request, context.CancellationToken)) ?? throw Missing($"There is no pattern '{request.PatternId}'.");

    public override Task<PatternAnalytics> GetAnalytics(GetAnalyticsRequest request, ServerCallContext context) =>
        core.Analytics.ReadAsync(Tenant(context), request, context.CancellationToken);

    public override async Task ExportTraining(ExportTrainingRequest request, IServerStreamWriter<TrainingPair> responseStream, ServerCallContext context)
    {
        await foreach (var pair in core.Training.ReadAsync(Tenant(context), request, context.CancellationToken))
            await responseStream.WriteAsync(pair, context.CancellationToken);
    }

    public override async Task Pull(PullRequest request, IServerStreamWriter<SharedPattern> responseStream, ServerCallContext context)
    {
        foreach (var pattern in await core.Shared.ReadAsync(Tenant(context), request, ownOnly: false, context.CancellationToken))
            await responseStream.WriteAsync(pattern, context.CancellationToken);
    }

    public override async Task<PushReply> Push(IAsyncStreamReader<SharedPattern> requestStream, ServerCallContext context)
    {
        var page = new List<SharedPattern>();
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            page.Add(requestStream.Current);
            if (page.Count > SharedPatterns.MaxPage)
                throw new ArgumentException($"A stream of shared patterns has more than {SharedPatterns.MaxPage}; send the rest in another call.");
        }

        return await AnswerAsync(() => core.Shared.TakeAsync(Tenant(context), Sender(context), page, context.CancellationToken));
    }

    public override Task<SyncReply> Sync(SyncRequest request, ServerCallContext context) => AnswerAsync(() => core.Sync.RunAsync(Tenant(context), request, context.CancellationToken));

    public override Task<CompareReply> Compare(CompareRequest request, ServerCallContext context) => core.Exchanged.CompareAsync(Tenant(context), request, context.CancellationToken);

    public override Task<WithdrawReply> Withdraw(CompareRequest request, ServerCallContext context) =>
        AnswerAsync(() => core.Exchanged.WithdrawAsync(Tenant(context), Sender(context), request, context.CancellationToken));

    public override async Task<Project> SetProject(SetProjectRequest request, ServerCallContext context) =>
        await ProjectSettings.SetAsync(catalog.Store, Tenant(context), request, context.CancellationToken) ?? throw Missing($"There is no project '{request.Project}'.");

    private async Task<IndexReply> IndexAsync(IAsyncStreamReader<IndexChunk> chunks, string tenant, CancellationToken token)
    {
        if (!await chunks.MoveNext(token) || chunks.Current.Start is not { } start)
            throw new ArgumentException("The first message of an indexing stream names the project: send 'start'.");
        var run = await catalog.OpenIndexAsync(tenant, start, null, token);
        try
        {
            while (await chunks.MoveNext(token))
                await AddAsync(run, chunks.Current, token);
            return await run.CompleteAsync(token);
        }
        catch
        {
            await run.AbandonAsync();
            throw;
        }
    }

    private static Task AddAsync(IndexRun run, IndexChunk chunk, CancellationToken token)
    {
        switch (chunk.WhatCase)
        {
            case IndexChunk.WhatOneofCase.File:
                return run.AddFileAsync(chunk.File.Path, chunk.File.Root, chunk.File.Content.Memory, token);
            case IndexChunk.WhatOneofCase.Record:
                return run.AddRecordAsync(chunk.Record, token);
            case IndexChunk.WhatOneofCase.RemovedPath:
                run.Remove(chunk.RemovedPath);
                return Task.CompletedTask;
            default:
                throw new ArgumentException("A message of an indexing stream is empty or names the project again; send 'file', 'record' or 'removed_path'.");
        }
    }

    private static async Task<T> AnswerAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (IndexMismatchException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
        catch (InvalidDataException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
        catch (EmbedderException e)
        {
            throw new RpcException(new Status(e.IsTransient ? StatusCode.Unavailable : StatusCode.FailedPrecondition, e.Message));
        }
    }

    /// <summary>Who sends patterns, so that nobody else takes them back.</summary>
    private static string Sender(ServerCallContext context) => Caller.Of(context).KeyId is { Length: > 0 } key ? $"key:{key}" : "local";

    private static RpcException Missing(string message) => new(new Status(StatusCode.NotFound, message));

    private static string Tenant(ServerCallContext context) => Caller.Of(context).Tenant;
}
