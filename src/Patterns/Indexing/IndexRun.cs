using System.Collections.Concurrent;
using System.Security.Cryptography;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// One run of indexing a project: files come in one by one and go through <see cref="IndexPipeline"/>. Files whose hash is known cost a hash and nothing
/// else; a file that moved keeps its patterns.
/// </summary>
internal sealed class IndexRun
{
    private const int MaxPath = 1024;
    private const int MaxDeferred = 10_000;
    private const long MaxDeferredBytes = 64 * 1024 * 1024;
    private readonly PatternCatalog _catalog;
    private readonly string _tenant;
    private readonly IndexStart _project;
    private readonly Dictionary<string, IndexedFile> _known;
    private readonly ILookup<string, string> _knownByHash;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<IncomingFile> _perhapsMoved = [];
    private readonly List<IndexedFile> _rerooted = [];
    private readonly ConcurrentDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly IndexPipeline _pipeline;
    private readonly long _startedAt;
    private readonly IProgress<IndexProgress>? _progress;
    private long _deferredBytes;
    private long _files;

    public IndexRun(PatternCatalog catalog, string tenant, IndexStart project, bool simulated, IReadOnlyList<IndexedFile> known, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        (_catalog, _tenant, _project, _progress) = (catalog, tenant, project, progress);
        _known = known.ToDictionary(f => f.Path, StringComparer.Ordinal);
        _knownByHash = known.ToLookup(f => f.Hash, f => f.Path, StringComparer.Ordinal);
        _startedAt = catalog.Time.GetTimestamp();
        _pipeline = new IndexPipeline(catalog, tenant, project, simulated, _known.ContainsKey, Skip, Report, token);
    }

    /// <summary>Files there are, for the progress; 0 while unknown.</summary>
    public long TotalFiles { get; set; }

    /// <summary>Files that the project had when the run began.</summary>
    public IReadOnlyCollection<IndexedFile> Known => _known.Values;

    /// <summary>Adds or replaces a file.</summary>
    public async Task AddFileAsync(string path, string root, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        _files++;
        if (!IsGoodPath(path) || root.Length > MaxPath || root.Any(char.IsControl))
        {
            Skip(SkipReasons.BadPath);
            return;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (!_seen.Add(path))
            return;
        var isKnown = _known.TryGetValue(path, out var before);
        if (isKnown && before!.Hash == hash)
        {
            if (before.Root != root)
                _rerooted.Add(new IndexedFile { Path = path, Root = root });
            return;
        }

        var file = new IncomingFile(path, root, hash, content, null);
        if (isKnown || !_knownByHash[hash].Any() || _perhapsMoved.Count >= MaxDeferred || _deferredBytes + content.Length > MaxDeferredBytes)
        {
            await _pipeline.SendAsync(file, token);
            return;
        }

        _perhapsMoved.Add(file);
        _deferredBytes += content.Length;
    }

    /// <summary>Adds or replaces a record.</summary>
    /// <exception cref="ArgumentException">The record has no id, or nothing to find it by.</exception>
    public async Task AddRecordAsync(IndexRecord record, CancellationToken token)
    {
        RecordRules.Check(record);
        _files++;
        var path = RecordRules.Folder + record.Id;
        var hash = PatternPreparer.HashOf($"{record.Text}\0{record.Code}\0{record.Language}");
        if (_seen.Add(path) && !(_known.TryGetValue(path, out var before) && before.Hash == hash))
            await _pipeline.SendAsync(new IncomingFile(path, "", hash, default, record), token);
    }

    /// <summary>Notes that a path is gone.</summary>
    public void Remove(string path)
    {
        if (_known.ContainsKey(path))
            _gone.Add(path);
    }

    /// <summary>Counts a file that was passed over.</summary>
    public void Skip(string reason) => _skipped.AddOrUpdate(reason, 1, (_, n) => n + 1);

    /// <summary>Ends the run and says what it did.</summary>
    public async Task<IndexReply> CompleteAsync(CancellationToken token)
    {
        await MoveAsync(token);
        var changed = await _pipeline.CompleteAsync();
        var (patterns, evicted) = await _catalog.FinishIndexAsync(_tenant, _project.Project, [.. _gone.Except(_seen)], _rerooted, token);
        Report();
        var reply = new IndexReply
        {
            Project = _project.Project,
            Files = _files,
            Patterns = patterns,
            Changed = changed,
            Evicted = evicted,
            Seconds = _catalog.Time.GetElapsedTime(_startedAt).TotalSeconds,
        };
        reply.Skipped.Add(_skipped);
        return reply;
    }

    /// <summary>Stops the threads of a run that will not be completed; what was written stays.</summary>
    public Task AbandonAsync() => _pipeline.AbandonAsync();

    /// <summary>A new path with the content of one that is gone is the same file elsewhere, unless it is read otherwise there.</summary>
    private async Task MoveAsync(CancellationToken token)
    {
        foreach (var file in _perhapsMoved)
        {
            var from = _knownByHash[file.Hash].FirstOrDefault(p => _gone.Contains(p) && !_seen.Contains(p) && Languages.Of(p) == Languages.Of(file.Path));
            if (from is not null)
                _gone.Remove(from);
            await _pipeline.SendAsync(file with { MovedFrom = from ?? "" }, token);
        }
    }

    private void Report() => _progress?.Report(new IndexProgress(_files, TotalFiles, _pipeline.Changed, _catalog.Time.GetElapsedTime(_startedAt)));

    private static bool IsGoodPath(string path) =>
        path.Length is > 0 and <= MaxPath && path[0] != '/' && !path.Contains('\\') && !path.Any(char.IsControl)
        && path.Split('/').All(part => part is not ("" or "." or ".."));
}
