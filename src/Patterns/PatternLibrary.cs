using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// The memory without a host: opened on a database and a folder, in this process. What the offline commands use. The caller
/// owns the database; close the library first.
/// </summary>
public sealed class PatternLibrary : IAsyncDisposable
{
    private readonly PatternCore _core;
    private readonly string _tenant;

    private PatternLibrary(PatternCore core, string tenant) => (_core, _tenant) = (core, tenant);

    /// <summary>Opens the memory, and creates or upgrades its tables.</summary>
    /// <param name="database">Store of the module; on SQLite a file of its own.</param>
    /// <param name="folder">Folder for the mapped vector files, which are derived from the store.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <param name="tenant">Tenant whose rows are read and written.</param>
    /// <param name="time">What the time is; null for the clock.</param>
    /// <param name="embedder">An embedding server; null for the built-in embedder.</param>
    /// <param name="readOnly">Leaves the mapped files to the process that owns the folder: for questions beside a writer.</param>
    /// <param name="token">Ends the call.</param>
    /// <exception cref="StoreCorruptException">The file is not a database, or is damaged.</exception>
    /// <exception cref="StoreUnreachableException">The server does not answer.</exception>
    public static async Task<PatternLibrary> OpenAsync(
        Database database, string folder, PatternsOptions? options = null, string tenant = Caller.DefaultTenant, TimeProvider? time = null, EmbedderOptions? embedder = null, bool readOnly = false, CancellationToken token = default)
    {
        await database.ApplyAsync(SchemaScript.Of(typeof(PatternLibrary).Assembly, database.Dialect), token);
        var clock = time ?? TimeProvider.System;
        return new PatternLibrary(new PatternCore(database, folder, Embedder.GeneratorOf(embedder ?? new EmbedderOptions(), clock), options ?? new PatternsOptions(), clock, readOnly), tenant);
    }

    /// <summary>Indexes folders or files as one project. Files of the project that are not found any more are removed from it.</summary>
    /// <param name="paths">Folders or files; with several, paths begin with the name of their root.</param>
    /// <param name="project">Project, licence, whether it is shared.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="token">Stops; what was written stays and is consistent.</param>
    /// <exception cref="DirectoryNotFoundException">A path does not exist.</exception>
    /// <exception cref="ArgumentException">The project's name is unusable.</exception>
    public Task<IndexReply> IndexFolderAsync(IReadOnlyList<string> paths, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token) =>
        FolderIndexer.RunAsync(_core.Catalog, _tenant, paths, project, progress, token);

    /// <summary>Indexes a file of JSON lines <c>{id,text,code,language}</c>. A record with a known id is replaced; the others stay.</summary>
    /// <param name="path">The file.</param>
    /// <param name="project">Project, licence, whether it is shared.</param>
    /// <param name="progress">Told how far it is; may be null.</param>
    /// <param name="token">Stops; what was written stays and is consistent.</param>
    /// <exception cref="ArgumentException">A line is no record; says which.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public Task<IndexReply> IndexRecordsAsync(string path, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token) =>
        FolderIndexer.RunRecordsAsync(_core.Catalog, _tenant, path, project, progress, token);

    /// <summary>Finds patterns by words and vectors.</summary>
    /// <exception cref="ArgumentException">The query is empty or too long, or <c>top</c> is out of range.</exception>
    /// <exception cref="IndexMismatchException">The vectors are another embedder's, or the posting lists another tokeniser's.</exception>
    public Task<SearchReply> SearchAsync(SearchRequest request, CancellationToken token) => _core.Catalog.SearchAsync(_tenant, request, token);

    /// <summary>What a generation would be told of a task.</summary>
    public Task<RecallReply> RecallAsync(RecallRequest request, CancellationToken token) => _core.Recall.RunAsync(_tenant, request, token);

    /// <summary>Edits that answered an error before.</summary>
    public Task<FindFixesReply> FindFixesAsync(FindFixesRequest request, CancellationToken token) => _core.Fixes.FindAsync(_tenant, request, token);

    /// <summary>Takes edits that were tried for errors outside of jobs.</summary>
    /// <exception cref="ArgumentException">There are too many, or a field is missing or too long.</exception>
    public Task<LearnFixesReply> LearnFixesAsync(LearnFixesRequest request, CancellationToken token) => _core.TriedFixes.LearnAsync(_tenant, request, token);

    /// <summary>Patterns of other, shared projects that fit a task.</summary>
    public Task<SearchReply> RecommendAsync(RecommendRequest request, CancellationToken token) => _core.Recommendation.RunAsync(_tenant, request, token);

    /// <summary>Learns from a closed job, as the host does from the bus.</summary>
    /// <returns>Whether anything changed; false for a job that is known.</returns>
    public Task<bool> LearnAsync(Job job, CancellationToken token) => _core.Jobs.LearnAsync(_tenant, job, token);

    /// <summary>Learns from feedback, as the host does from the bus.</summary>
    /// <returns>Whether anything changed; false for feedback that is known.</returns>
    public Task<bool> LearnAsync(FeedbackGiven feedback, CancellationToken token) => _core.Feedback.LearnAsync(feedback, token);

    /// <summary>Which patterns and fixes shaped the result of a job; null when the memory has not learned of such a job.</summary>
    public Task<WhyReply?> WhyAsync(string jobId, CancellationToken token) => _core.Reasons.OfAsync(_tenant, jobId, token);

    /// <summary>Bans a pattern or a fix at once, or lifts the ban; null when there is none of that id.</summary>
    /// <exception cref="ArgumentException">The id is missing, or the reason is too long.</exception>
    public Task<BanReply?> BanAsync(BanRequest request, CancellationToken token) => _core.Bans.RunAsync(_tenant, request, token);

    /// <summary>Bans a pattern and puts a corrected text in its place, at once; null when there is none of that id.</summary>
    /// <exception cref="ArgumentException">The text is unusable, or the pattern cannot be corrected.</exception>
    public Task<CorrectReply?> CorrectAsync(CorrectRequest request, CancellationToken token) => _core.Correction.RunAsync(_tenant, request, token);

    /// <summary>How the memory fares.</summary>
    /// <exception cref="ArgumentException">Days or top are out of range.</exception>
    public Task<PatternAnalytics> GetAnalyticsAsync(GetAnalyticsRequest request, CancellationToken token) => _core.Analytics.ReadAsync(_tenant, request, token);

    /// <summary>Verified pairs for training.</summary>
    public IAsyncEnumerable<TrainingPair> ExportTrainingAsync(ExportTrainingRequest request, CancellationToken token) => _core.Training.ReadAsync(_tenant, request, token);

    /// <summary>Projects, by name.</summary>
    public async Task<ListProjectsReply> ListProjectsAsync(CancellationToken token)
    {
        var reply = new ListProjectsReply();
        reply.Projects.Add(await _core.Catalog.Store.ProjectsAsync(_tenant, token));
        return reply;
    }

    /// <summary>Sets licence and sharing of a project; null when there is none of that name.</summary>
    /// <exception cref="ArgumentException">The licence is too long, or the project cannot be shared.</exception>
    public Task<Project?> SetProjectAsync(SetProjectRequest request, CancellationToken token) => ProjectSettings.SetAsync(_core.Catalog.Store, _tenant, request, token);

    /// <summary>Exchanges shared patterns with the team server of the settings.</summary>
    /// <exception cref="ArgumentException">No team server is set.</exception>
    /// <exception cref="Grpc.Core.RpcException">The server does not answer, or refuses.</exception>
    public Task<SyncReply> SyncAsync(SyncRequest request, CancellationToken token) => _core.Sync.RunAsync(_tenant, request, token);

    /// <summary>Patterns of shared projects after a cursor: what another memory may have.</summary>
    /// <exception cref="ArgumentException">The page is too large, or the cursor is negative.</exception>
    public Task<List<SharedPattern>> PullAsync(PullRequest request, CancellationToken token) => _core.Shared.ReadAsync(_tenant, request, ownOnly: false, token);

    /// <summary>Takes in patterns of another memory. What is known changes nothing.</summary>
    /// <param name="from">Who sent them.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="token">Ends the call.</param>
    public Task<PushReply> TakeAsync(string from, IReadOnlyList<SharedPattern> patterns, CancellationToken token) => _core.Shared.TakeAsync(_tenant, from, patterns, token);

    /// <summary>One pattern with its history; null when there is none of that id.</summary>
    public Task<Pattern?> GetPatternAsync(string id, CancellationToken token) => PatternHistory.ReadAsync(_core.Catalog.Store, _tenant, id, 50, token);

    /// <summary>Figures of the memory, or of one project.</summary>
    public Task<PatternStats> GetStatsAsync(string project, CancellationToken token) => _core.Catalog.StatsAsync(_tenant, project, token);

    /// <summary>Removes a project, a path or a pattern for good.</summary>
    /// <exception cref="ArgumentException">Nothing is named.</exception>
    public Task<ForgetReply> ForgetAsync(ForgetRequest request, CancellationToken token) => _core.Catalog.ForgetAsync(_tenant, request, token);

    /// <summary>Whether the mapped files lack what the store holds, so that somebody who may write them should open the memory once.</summary>
    public Task<bool> IsBehindAsync(CancellationToken token) => _core.Index.IsBehindAsync(_tenant, token);

    /// <summary>Takes into the mapped files what the store holds.</summary>
    public Task CatchUpAsync(CancellationToken token) => _core.Index.SyncAsync(_tenant, token);

    /// <summary>Verifies the store; rebuilds what is derived when asked.</summary>
    /// <param name="repair">Whether to rebuild.</param>
    /// <param name="token">Ends the call.</param>
    public Task<CheckReply> CheckAsync(bool repair, CancellationToken token) => _core.Catalog.CheckAsync(_tenant, repair, token);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _core.DisposeAsync();
}
