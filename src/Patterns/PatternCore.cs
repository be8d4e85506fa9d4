using Microsoft.Extensions.AI;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Puts the parts of the memory together, the same way for the host and for the offline door. This is the one place that knows which vector
/// index goes with which store.
/// </summary>
internal sealed class PatternCore : IAsyncDisposable
{
    private readonly IPatternIndex _index;
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly TeamServer? _team;
    private readonly ProjectProfiles _profiles;

    public PatternCore(Database database, string folder, IEmbeddingGenerator<string, Embedding<float>> generator, PatternsOptions options, TimeProvider time, bool readOnly = false)
    {
        _generator = generator;
        var embedder = Embedder.Of(generator);
        _index = database is PostgreSqlDatabase server
            ? new PgVectorIndex(server, embedder.Identity, embedder.Dimension, options)
            : new LocalPatternIndex(database, folder, embedder.Identity, readOnly);
        var store = new PatternStore(database, time, options);
        var scope = new SearchScope(store);
        var search = new HybridSearch(store, new WordIndex(database), _index, embedder, options);
        Catalog = new PatternCatalog(store, new PatternWriter(database, embedder.Identity), _index, search, scope, embedder, options, time);
        _team = TeamServer.Of(options);
        _profiles = new ProjectProfiles(store, time);
        Recall = new Recall(Catalog, search, scope, _profiles, _team);
        Shared = new SharedPatterns(Catalog, _index);
        Exchanged = new ExchangedPatterns(Catalog);
        Sync = new TeamSync(store, Shared, Exchanged, _team);
        Recommendation = new Recommendation(Catalog, search, scope, _profiles);
        Fixes = new FixMemory(store);
        TriedFixes = new TriedFixes(Catalog);
        Bans = new Bans(Catalog, _index);
        Correction = new Correction(Catalog, _index);
        var edits = new EditLearning(Catalog, Correction);
        Jobs = new JobLearning(Catalog, new WriteGate(options), edits, _index);
        Feedback = new FeedbackLearning(Catalog, edits, _index);
        Reasons = new Reasons(store, _profiles);
        Analytics = new MemoryAnalytics(Catalog);
        Training = new TrainingPairs(store);
    }

    public PatternCatalog Catalog { get; }

    public Recall Recall { get; }

    public Recommendation Recommendation { get; }

    public FixMemory Fixes { get; }

    public TriedFixes TriedFixes { get; }

    public JobLearning Jobs { get; }

    public FeedbackLearning Feedback { get; }

    public Bans Bans { get; }

    public Correction Correction { get; }

    public Reasons Reasons { get; }

    public MemoryAnalytics Analytics { get; }

    public TrainingPairs Training { get; }

    public SharedPatterns Shared { get; }

    public ExchangedPatterns Exchanged { get; }

    public TeamSync Sync { get; }

    public IPatternIndex Index => _index;

    public async ValueTask DisposeAsync()
    {
        await _profiles.DisposeAsync();
        _generator.Dispose();
        _team?.Dispose();
        await _index.DisposeAsync();
    }
}
