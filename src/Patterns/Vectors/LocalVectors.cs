namespace Platform.Patterns;

/// <summary>
/// One tenant's vector file in this process: who may write it, and when it is rewritten. The writer is whoever holds the lock file;
/// others map the file and read.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="identity">Embedder and store that its vectors are of.</param>
/// <param name="readOnly">Whether writing is left to others even when nobody does it.</param>
internal sealed class LocalVectors(string path, string identity, bool readOnly) : IDisposable
{
    private const int SampleForMean = 8192;
    private const long RowsWorthCompacting = 1024;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ReaderWriterLockSlim _swap = new();
    private FileStream? _lock;
    private VectorFile? _file;
    private bool _opened;

    public bool Writable => _lock is not null;

    /// <summary>Whether the file is of a later state than the store, so that its numbers say nothing; whoever may write it makes it anew.</summary>
    public bool IsAhead { get; set; }

    public long HighWater
    {
        get
        {
            EnsureOpen();
            return _file?.Head.HighWater ?? 0;
        }
    }

    public long Alive => _file is null ? 0 : _file.Head.Rows - _file.Head.Deleted;

    /// <summary>Waits for the turn to write, within this process.</summary>
    public async Task<IDisposable> TakeTurnAsync(CancellationToken token)
    {
        await _turn.WaitAsync(token);
        return new Turn(_turn);
    }

    public void Append(List<StoredVector> batch)
    {
        if (_file is null)
            Swap(VectorFile.Create(path, identity, MeanOf(batch), batch.Count));
        _file!.Append(batch);
    }

    public void Remove(IEnumerable<long> numbers) => _file?.Remove(numbers);

    /// <summary>Makes the changes count, and rewrites the file when a third of it is deleted or its mean was taken of too few.</summary>
    public void Commit(long highWater)
    {
        if (_file is null)
            return;
        _file.Commit(highWater);
        var head = _file.Head;
        var worn = head.Deleted > RowsWorthCompacting && head.Deleted * 3 > head.Rows;
        var outgrown = head.Rows > RowsWorthCompacting && head.RowsAtMean < SampleForMean && head.Rows > head.RowsAtMean * 4;
        if (worn || outgrown)
            Rewrite();
    }

    /// <summary>Leaves nothing of what is deleted: a file in which deleted rows were only marked, as before, is rewritten once.</summary>
    public void Compact()
    {
        if (_file?.Head.Deleted > 0 && _file.HoldsDeleted())
            Rewrite();
        else
            _file?.FlushDeleted();
    }

    public List<Scored> Search(ReadOnlySpan<float> query, NumberSet? allowed, int top)
    {
        EnsureOpen();
        _swap.EnterReadLock();
        try
        {
            return _file?.Search(query, allowed, top) ?? [];
        }
        finally
        {
            _swap.ExitReadLock();
        }
    }

    public IReadOnlyDictionary<long, float> Similarities(ReadOnlySpan<float> query, IReadOnlyList<long> numbers)
    {
        EnsureOpen();
        var found = new Dictionary<long, float>(numbers.Count);
        if (IsAhead)
            return found;
        _swap.EnterReadLock();
        try
        {
            foreach (var number in numbers)
            {
                if (_file?.Similarity(query, number) is { } similarity)
                    found.Add(number, similarity);
            }
        }
        finally
        {
            _swap.ExitReadLock();
        }

        return found;
    }

    public long CountDamaged()
    {
        EnsureOpen();
        _swap.EnterReadLock();
        try
        {
            return _file?.CountDamaged() ?? 0;
        }
        finally
        {
            _swap.ExitReadLock();
        }
    }

    /// <summary>Throws the file away; the next look at the store makes it anew.</summary>
    public void Discard()
    {
        Swap(null);
        File.Delete(path);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _lock?.Dispose();
        _swap.Dispose();
        _turn.Dispose();
    }

    private void EnsureOpen()
    {
        if (_opened && (Writable || _file?.Refresh() == true))
            return;
        lock (_turn)
        {
            if (!_opened)
                _lock = readOnly ? null : TryLock();
            if (!_opened || !Writable)
                Swap(VectorFile.Open(path, identity, Writable));
            _opened = true;
        }
    }

    private FileStream? TryLock()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private void Rewrite()
    {
        var old = _file!;
        var sample = old.Rows().Take(SampleForMean).ToList();
        var rewritten = VectorFile.Create($"{path}.new", identity, sample.Count == 0 ? new float[old.Head.Dimension] : MeanOf(sample), sample.Count);
        rewritten.Append(old.Rows());
        rewritten.Commit(old.Head.HighWater);
        File.Move($"{path}.new", path, overwrite: true);
        old.MarkReplaced();
        Swap(rewritten);
    }

    private void Swap(VectorFile? next)
    {
        _swap.EnterWriteLock();
        try
        {
            _file?.Dispose();
            _file = next;
        }
        finally
        {
            _swap.ExitWriteLock();
        }
    }

    private static float[] MeanOf(List<StoredVector> sample)
    {
        var mean = new float[sample[0].Vector.Length];
        foreach (var (_, vector) in sample)
        {
            for (var i = 0; i < mean.Length; i++)
                mean[i] += vector[i] / sample.Count;
        }

        return mean;
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
