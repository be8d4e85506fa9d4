using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// One run of indexing a project: files come in one by one, are split and embedded by several threads and written in batches. Files whose
/// hash is known cost a hash and nothing else; a file that moved keeps its patterns.
/// </summary>
internal sealed class IndexRun
{
    private const int MaxPath = 1024;
    private const int BatchPatterns = 2000;
    private const int MaxDeferred = 10_000;
    private const int EmbedTogether = 64;
    private readonly PatternCatalog _catalog;
    private readonly string _tenant;
    private readonly IndexStart _project;
    private readonly bool _simulated;
    private readonly Dictionary<string, string> _known;
    private readonly ILookup<string, string> _knownByHash;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private readonly List<IncomingFile> _perhapsMoved = [];
    private readonly ConcurrentDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly Channel<IncomingFile> _incoming;
    private readonly Channel<PreparedFile> _prepared;
    private readonly Task _work;
    private readonly long _startedAt;
    private readonly IProgress<IndexProgress>? _progress;
    private readonly CancellationTokenSource _stop;
    private long _files;
    private long _changed;

    public IndexRun(PatternCatalog catalog, string tenant, IndexStart project, bool simulated, IReadOnlyList<IndexedFile> known, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        (_catalog, _tenant, _project, _simulated, _progress) = (catalog, tenant, project, simulated, progress);
        _known = known.ToDictionary(f => f.Path, f => f.Hash, StringComparer.Ordinal);
        _knownByHash = known.ToLookup(f => f.Hash, f => f.Path, StringComparer.Ordinal);
        _startedAt = catalog.Time.GetTimestamp();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var threads = catalog.Options.IndexThreads > 0 ? catalog.Options.IndexThreads : Environment.ProcessorCount;
        _incoming = Channel.CreateBounded<IncomingFile>(threads * 16);
        _prepared = Channel.CreateBounded<PreparedFile>(threads * 64);
        _work = RunAsync(threads);
    }

    /// <summary>Files there are, for the progress; 0 while unknown.</summary>
    public long TotalFiles { get; set; }

    /// <summary>Adds or replaces a file.</summary>
    public async Task AddFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken token)
    {
        _files++;
        if (!IsGoodPath(path))
        {
            Skip(SkipReasons.BadPath);
            return;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span));
        if (!_seen.Add(path) || (_known.TryGetValue(path, out var before) && before == hash))
            return;
        var file = new IncomingFile(path, hash, content, null);
        if (before is null && _knownByHash[hash].Any() && _perhapsMoved.Count < MaxDeferred)
            _perhapsMoved.Add(file);
        else
            await SendAsync(file, token);
    }

    /// <summary>Adds or replaces a record.</summary>
    /// <exception cref="ArgumentException">The record has no id, or nothing to find it by.</exception>
    public async Task AddRecordAsync(IndexRecord record, CancellationToken token)
    {
        RecordRules.Check(record);
        _files++;
        var path = $"records/{record.Id}";
        var hash = PatternPreparer.HashOf($"{record.Text}\0{record.Code}\0{record.Language}");
        if (_seen.Add(path) && !(_known.TryGetValue(path, out var before) && before == hash))
            await SendAsync(new IncomingFile(path, hash, default, record), token);
    }

    /// <summary>Notes that a path is gone.</summary>
    public void Remove(string path)
    {
        if (_known.ContainsKey(path))
            _gone.Add(path);
    }

    /// <summary>Notes that every file that was not seen in this run is gone: what a full walk of a folder knows.</summary>
    public void RemoveUnseen()
    {
        foreach (var path in _known.Keys.Where(p => !_seen.Contains(p)))
            _gone.Add(path);
    }

    /// <summary>Counts a file that was passed over.</summary>
    public void Skip(string reason) => _skipped.AddOrUpdate(reason, 1, (_, n) => n + 1);

    /// <summary>Ends the run and says what it did.</summary>
    public async Task<IndexReply> CompleteAsync(CancellationToken token)
    {
        await MoveAsync(token);
        _incoming.Writer.TryComplete();
        await _work;
        var patterns = await _catalog.FinishIndexAsync(_tenant, _project.Project, [.. _gone.Except(_seen)], token);
        Report();
        var reply = new IndexReply
        {
            Project = _project.Project,
            Files = _files,
            Patterns = patterns,
            Changed = _changed,
            Seconds = _catalog.Time.GetElapsedTime(_startedAt).TotalSeconds,
        };
        reply.Skipped.Add(_skipped);
        return reply;
    }

    /// <summary>Stops the threads of a run that will not be completed; what was written stays.</summary>
    public async Task AbandonAsync()
    {
        await _stop.CancelAsync();
        _incoming.Writer.TryComplete();
        await _work.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    /// <summary>A new path with the content of one that is gone is the same file elsewhere.</summary>
    private async Task MoveAsync(CancellationToken token)
    {
        foreach (var file in _perhapsMoved)
        {
            var from = _knownByHash[file.Hash].FirstOrDefault(p => _gone.Contains(p) && !_seen.Contains(p));
            if (from is null)
            {
                await SendAsync(file, token);
                continue;
            }

            _gone.Remove(from);
            await _catalog.MoveFileAsync(_tenant, _project.Project, from, file.Path, token);
        }
    }

    /// <summary>Hands a file to the threads; when they have failed, their failure is what the caller hears.</summary>
    private async Task SendAsync(IncomingFile file, CancellationToken token)
    {
        try
        {
            await _incoming.Writer.WriteAsync(file, token);
        }
        catch (ChannelClosedException)
        {
            await _work;
            throw;
        }
    }

    private async Task RunAsync(int threads)
    {
        var writer = Task.Run(WriteAllAsync);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(PrepareAllAsync)));
            _prepared.Writer.TryComplete();
        }
        catch (Exception e)
        {
            _incoming.Writer.TryComplete(e);
            _prepared.Writer.TryComplete(e);
        }

        await writer;
    }

    private async Task PrepareAllAsync()
    {
        var preparer = new PatternPreparer(_catalog.Embedder, _project.Project, _simulated, _catalog.Now);
        try
        {
            var waiting = new List<DraftedFile>();
            while (await _incoming.Reader.WaitToReadAsync(_stop.Token))
            {
                var drafts = 0;
                while (drafts < EmbedTogether && _incoming.Reader.TryRead(out var file))
                {
                    if (Draft(preparer, file) is not { } drafted)
                        continue;
                    waiting.Add(drafted);
                    drafts += drafted.Drafts.Count;
                }

                await EmbedAsync(waiting);
            }
        }
        catch (Exception e)
        {
            _incoming.Writer.TryComplete(e);
            throw;
        }
    }

    /// <summary>Vectors for several files at once: an embedding server is asked in batches.</summary>
    private async Task EmbedAsync(List<DraftedFile> files)
    {
        var patterns = await _catalog.Embedder.EmbedAsync([.. files.SelectMany(f => f.Drafts)], _stop.Token);
        var at = 0;
        foreach (var (file, language, drafts) in files)
        {
            await _prepared.Writer.WriteAsync(new PreparedFile(file.Path, file.Hash, file.Content.Length, language, patterns[at..(at + drafts.Count)]), _stop.Token);
            at += drafts.Count;
        }

        files.Clear();
    }

    private DraftedFile? Draft(PatternPreparer preparer, IncomingFile file)
    {
        var language = file.Record is { } record ? Languages.Normalise(record.Language) : Languages.Of(file.Path);
        List<Draft> drafts;
        if (file.Record is { } one)
        {
            drafts = preparer.Prepare("", language, [Chunker.Whole(language, one.Code.Length > 0 ? TextDecoder.Clean(one.Code) : TextDecoder.Clean(one.Text), one.Code.Length > 0 ? TextDecoder.Clean(one.Text) : "")], one.Id);
            drafts[0].Row.Path = file.Path;
        }
        else
        {
            var text = FolderWalker.Read(file.Path, file.Content.Span, out var reason);
            if (text is null)
            {
                Skip(reason!);
                return _known.ContainsKey(file.Path) ? new DraftedFile(file, language, []) : null;
            }

            drafts = preparer.Prepare(file.Path, language, Chunker.Split(file.Path, language, text));
        }

        return new DraftedFile(file, language, drafts);
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<PreparedFile>();
        var patterns = 0;
        try
        {
            while (await _prepared.Reader.WaitToReadAsync(_stop.Token))
            {
                while (patterns < BatchPatterns && _prepared.Reader.TryRead(out var file))
                {
                    batch.Add(file);
                    patterns += file.Patterns.Count + 1;
                }

                if (patterns < BatchPatterns && !_prepared.Reader.Completion.IsCompleted && !_incoming.Reader.Completion.IsCompleted)
                    continue;
                await WriteAsync(batch);
                patterns = 0;
            }

            await WriteAsync(batch);
        }
        catch (Exception e)
        {
            _incoming.Writer.TryComplete(e);
            _prepared.Writer.TryComplete(e);
            throw;
        }
    }

    private async Task WriteAsync(List<PreparedFile> batch)
    {
        if (batch.Count == 0)
            return;
        _changed += await _catalog.WriteFilesAsync(_tenant, _project, [.. batch], _stop.Token);
        batch.Clear();
        Report();
    }

    private void Report() => _progress?.Report(new IndexProgress(_files, TotalFiles, _changed, _catalog.Time.GetElapsedTime(_startedAt)));

    private static bool IsGoodPath(string path) =>
        path.Length is > 0 and <= MaxPath && path[0] != '/' && !path.Contains('\\') && !path.Any(char.IsControl)
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    private sealed record DraftedFile(IncomingFile File, string Language, List<Draft> Drafts);

    private sealed record IncomingFile(string Path, string Hash, ReadOnlyMemory<byte> Content, IndexRecord? Record);
}
