using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;

namespace Platform.Cli;

/// <summary>
/// The pattern memory for commands: through the door of a running host, or opened here when no host owns the data directory.
/// </summary>
internal sealed class Memory : IAsyncDisposable
{
    private readonly HostSession? _session;
    private readonly V1.Patterns.PatternsClient? _client;
    private readonly PatternLibrary? _library;
    private readonly SqliteDatabase? _database;
    private readonly DataDirectory? _home;

    private Memory(HostSession session)
    {
        _session = session;
        _client = new V1.Patterns.PatternsClient(session.Invoker);
    }

    private Memory(PatternLibrary library, SqliteDatabase database, DataDirectory? home) => (_library, _database, _home) = (library, database, home);

    /// <summary>Finds a host, or opens the memory of the data directory.</summary>
    /// <exception cref="StoreCorruptException">The store is damaged.</exception>
    public static async Task<Memory> OpenAsync(CommandRun run, CancellationToken token) =>
        await HostSession.FindAsync(run, token) is { } session ? new Memory(session) : await OpenOwnAsync(token);

    /// <summary>The same for what may be left undone: null when another process has the data directory, or there is no memory yet.</summary>
    public static async Task<Memory?> TryOpenAsync(CommandRun run, CancellationToken token)
    {
        if (!Exists(run))
            return null;
        if (await HostSession.FindAsync(run, token) is { } session)
            return new Memory(session);
        var home = Home();
        if (File.Exists(home.File($"{ModuleNames.Patterns}.db")) && home.TryTake())
            return await OpenAsync(home, readOnly: false, token);
        home.Dispose();
        return null;
    }

    /// <summary>The same for commands that only ask: beside another command that writes they answer all the same, and none has to wait for them.</summary>
    /// <exception cref="StoreCorruptException">The store is damaged.</exception>
    public static async Task<Memory> OpenToReadAsync(CommandRun run, CancellationToken token)
    {
        if (await HostSession.FindAsync(run, token) is { } session)
            return new Memory(session);
        using var home = Home();
        if (!File.Exists(home.File($"{ModuleNames.Patterns}.db")))
            return await OpenOwnAsync(token);
        var memory = await OpenAsync(home, readOnly: true, token);
        if (!await memory._library!.IsBehindAsync(token) || !home.TryTake())
            return memory;
        // What is derived was lost, or its writer died: whoever finds nobody at work mends it first.
        await memory.DisposeAsync();
        await using (var writer = await OpenAsync(home, readOnly: false, token))
            await writer._library!.CatchUpAsync(token);
        return await OpenAsync(home, readOnly: true, token);
    }

    private static async Task<Memory> OpenOwnAsync(CancellationToken token)
    {
        var home = Home();
        home.Take();
        return await OpenAsync(home, readOnly: false, token);
    }

    private static DataDirectory Home() => new(Environment.GetEnvironmentVariable("PLATFORM_HOME") is { Length: > 0 } given ? given : StoreSwitch.DefaultHome());

    private static async Task<Memory> OpenAsync(DataDirectory home, bool readOnly, CancellationToken token)
    {
        var database = new SqliteDatabase(home.File($"{ModuleNames.Patterns}.db")) { Module = ModuleNames.Patterns, Erases = true };
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var options = SettingsReader.Read<PatternsOptions>(configuration, "Patterns");
        var embedder = SettingsReader.Read<EmbedderOptions>(configuration, "Patterns:Embedder");
        return new Memory(await PatternLibrary.OpenAsync(database, home.File(ModuleNames.Patterns), options, embedder: embedder, readOnly: readOnly, token: token), database, readOnly ? null : home);
    }

    /// <summary>Whether there is a memory to ask: a host, or a store that was written before.</summary>
    public static bool Exists(CommandRun run)
    {
        using var home = Home();
        return File.Exists(home.File($"{ModuleNames.Patterns}.db")) || !string.IsNullOrEmpty(run.Get(GlobalOptions.Server) ?? Environment.GetEnvironmentVariable("PLATFORM_SERVER"));
    }

    /// <summary>Indexes folders or files as one project.</summary>
    public Task<IndexReply> IndexAsync(IReadOnlyList<string> paths, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token) =>
        _library is not null ? _library.IndexFolderAsync(paths, project, progress, token) : IndexUpload.SendAsync(_session!.Invoker, paths, project, progress, token);

    /// <summary>Indexes a file of records.</summary>
    public Task<IndexReply> IndexRecordsAsync(string path, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token) =>
        _library is not null ? _library.IndexRecordsAsync(path, project, progress, token) : IndexUpload.SendRecordsAsync(_session!.Invoker, path, project, token);

    /// <summary>Finds patterns.</summary>
    public async Task<SearchReply> SearchAsync(SearchRequest request, CancellationToken token) =>
        _library is not null ? await _library.SearchAsync(request, token) : await _client!.SearchAsync(request, cancellationToken: token);

    /// <summary>Edits that answered an error before.</summary>
    public async Task<FindFixesReply> FindFixesAsync(FindFixesRequest request, CancellationToken token) =>
        _library is not null ? await _library.FindFixesAsync(request, token) : await _client!.FindFixesAsync(request, cancellationToken: token);

    /// <summary>Takes edits that were tried for errors.</summary>
    public async Task<LearnFixesReply> LearnFixesAsync(LearnFixesRequest request, CancellationToken token) =>
        _library is not null ? await _library.LearnFixesAsync(request, token) : await _client!.LearnFixesAsync(request, cancellationToken: token);

    /// <summary>Patterns of other projects that fit.</summary>
    public async Task<SearchReply> RecommendAsync(RecommendRequest request, CancellationToken token) =>
        _library is not null ? await _library.RecommendAsync(request, token) : await _client!.RecommendAsync(request, cancellationToken: token);

    /// <summary>What shaped the result of a job.</summary>
    /// <exception cref="CommandException">The memory has not learned of such a job.</exception>
    public async Task<WhyReply> WhyAsync(string job, CancellationToken token) => _library is null
        ? await _client!.WhyAsync(new WhyRequest { JobId = job }, cancellationToken: token)
        : await _library.WhyAsync(job, token) ?? throw new CommandException(ExitCodes.Failed, $"The memory has not learned of a job '{job}'.");

    /// <summary>Bans, or lifts a ban.</summary>
    /// <exception cref="CommandException">There is nothing of that id.</exception>
    public async Task<BanReply> BanAsync(BanRequest request, CancellationToken token) => _library is null
        ? await _client!.BanAsync(request, cancellationToken: token)
        : await _library.BanAsync(request, token) ?? throw new CommandException(ExitCodes.Failed, $"There is no pattern and no fix '{request.Id}'.");

    /// <summary>Puts a corrected text in a pattern's place.</summary>
    /// <exception cref="CommandException">There is no such pattern.</exception>
    public async Task<CorrectReply> CorrectAsync(CorrectRequest request, CancellationToken token) => _library is null
        ? await _client!.CorrectAsync(request, cancellationToken: token)
        : await _library.CorrectAsync(request, token) ?? throw new CommandException(ExitCodes.Failed, $"There is no pattern '{request.PatternId}'.");

    /// <summary>How the memory fares.</summary>
    public async Task<PatternAnalytics> AnalyticsAsync(GetAnalyticsRequest request, CancellationToken token) =>
        _library is not null ? await _library.GetAnalyticsAsync(request, token) : await _client!.GetAnalyticsAsync(request, cancellationToken: token);

    /// <summary>Verified pairs for training.</summary>
    public IAsyncEnumerable<TrainingPair> ExportTrainingAsync(ExportTrainingRequest request, CancellationToken token) =>
        _library is not null ? _library.ExportTrainingAsync(request, token) : _client!.ExportTraining(request, cancellationToken: token).ResponseStream.ReadAllAsync(token);

    /// <summary>Projects.</summary>
    public async Task<ListProjectsReply> ProjectsAsync(CancellationToken token) =>
        _library is not null ? await _library.ListProjectsAsync(token) : await _client!.ListProjectsAsync(new ListProjectsRequest(), cancellationToken: token);

    /// <summary>Sets licence and sharing of a project.</summary>
    /// <exception cref="CommandException">There is no such project.</exception>
    public async Task<Project> SetProjectAsync(SetProjectRequest request, CancellationToken token) => _library is null
        ? await _client!.SetProjectAsync(request, cancellationToken: token)
        : await _library.SetProjectAsync(request, token) ?? throw new CommandException(ExitCodes.Failed, $"There is no project '{request.Project}'.");

    /// <summary>Exchanges shared patterns with the team server.</summary>
    public async Task<SyncReply> SyncAsync(SyncRequest request, CancellationToken token) =>
        _library is not null ? await _library.SyncAsync(request, token) : await _client!.SyncAsync(request, cancellationToken: token);

    /// <summary>Figures.</summary>
    public async Task<PatternStats> StatsAsync(string project, CancellationToken token) =>
        _library is not null ? await _library.GetStatsAsync(project, token) : await _client!.GetStatsAsync(new GetStatsRequest { Project = project }, cancellationToken: token);

    /// <summary>Removes for good.</summary>
    public async Task<ForgetReply> ForgetAsync(ForgetRequest request, CancellationToken token) =>
        _library is not null ? await _library.ForgetAsync(request, token) : await _client!.ForgetAsync(request, cancellationToken: token);

    /// <summary>Verifies, and rebuilds derived parts when asked.</summary>
    public async Task<CheckReply> CheckAsync(bool repair, CancellationToken token) =>
        _library is not null ? await _library.CheckAsync(repair, token) : await _client!.CheckAsync(new CheckRequest { Repair = repair }, cancellationToken: token);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_session is not null)
            await _session.DisposeAsync();
        if (_library is not null)
            await _library.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        _home?.Dispose();
    }
}
