using System.Threading.Channels;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>A file on its way into the memory.</summary>
/// <param name="Path">Path in the project.</param>
/// <param name="Root">Folder it was found in.</param>
/// <param name="Hash">SHA-256 of its content.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Record">The record, when it is one.</param>
internal sealed record IncomingFile(string Path, string Root, string Hash, ReadOnlyMemory<byte> Content, IndexRecord? Record)
{
    /// <summary>Where it stood before, with the same content; empty when it did not move.</summary>
    public string MovedFrom { get; init; } = "";
}

/// <summary>Files are split and embedded by several threads and written in batches by one.</summary>
internal sealed class IndexPipeline
{
    private const int BatchPatterns = 2000;
    private const int EmbedTogether = 64;
    private readonly PatternCatalog _catalog;
    private readonly string _tenant;
    private readonly IndexStart _project;
    private readonly bool _simulated;
    private readonly Func<string, bool> _isKnown;
    private readonly Action<string> _skip;
    private readonly Action _written;
    private readonly Channel<IncomingFile> _incoming;
    private readonly Channel<PreparedFile> _prepared;
    private readonly CancellationTokenSource _stop;
    private readonly Task _work;

    /// <param name="catalog">The memory.</param>
    /// <param name="tenant">Tenant.</param>
    /// <param name="project">The project.</param>
    /// <param name="simulated">Whether a simulator wrote it.</param>
    /// <param name="isKnown">Whether a path is known, so that a text that is no source any more takes its patterns along.</param>
    /// <param name="skip">Told why a file is passed over.</param>
    /// <param name="written">Told after each batch.</param>
    /// <param name="token">Stops it.</param>
    public IndexPipeline(PatternCatalog catalog, string tenant, IndexStart project, bool simulated, Func<string, bool> isKnown, Action<string> skip, Action written, CancellationToken token)
    {
        (_catalog, _tenant, _project, _simulated, _isKnown, _skip, _written) = (catalog, tenant, project, simulated, isKnown, skip, written);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var threads = catalog.Options.IndexThreads > 0 ? catalog.Options.IndexThreads : Environment.ProcessorCount;
        _incoming = Channel.CreateBounded<IncomingFile>(threads * 16);
        _prepared = Channel.CreateBounded<PreparedFile>(threads * 64);
        _work = RunAsync(threads);
    }

    /// <summary>Patterns that were added or changed so far.</summary>
    public long Changed { get; private set; }

    /// <summary>Hands a file to the threads; when they have failed, their failure is what the caller hears.</summary>
    public async Task SendAsync(IncomingFile file, CancellationToken token)
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

    /// <summary>Waits until everything is written.</summary>
    /// <returns>Patterns that were added or changed.</returns>
    public async Task<long> CompleteAsync()
    {
        _incoming.Writer.TryComplete();
        await _work;
        return Changed;
    }

    /// <summary>Stops the threads; what was written stays.</summary>
    public async Task AbandonAsync()
    {
        await _stop.CancelAsync();
        _incoming.Writer.TryComplete();
        await _work.ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
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
        var drafter = new FileDrafter(new PatternPreparer(_catalog.Embedder, _project.Project, _simulated, _catalog.Now), _isKnown, _skip);
        try
        {
            var waiting = new List<DraftedFile>();
            while (await _incoming.Reader.WaitToReadAsync(_stop.Token))
            {
                var drafts = 0;
                while (drafts < EmbedTogether && _incoming.Reader.TryRead(out var file))
                {
                    if (drafter.Draft(file) is not { } drafted)
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
            await _prepared.Writer.WriteAsync(new PreparedFile(file.Path, file.Hash, file.Content.Length, language, patterns[at..(at + drafts.Count)]) { Root = file.Root, MovedFrom = file.MovedFrom }, _stop.Token);
            at += drafts.Count;
        }

        files.Clear();
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
        Changed += await _catalog.WriteFilesAsync(_tenant, _project, [.. batch], _stop.Token);
        batch.Clear();
        _written();
    }
}
