using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Platform.Patterns;

/// <summary>
/// A file of vectors that is mapped, not read: opening is instant. Rows are appended, then the head that counts them is written;
/// whatever breaks off in between is not counted. It is derived from the store and can be thrown away at any time.
/// One thread writes; any number searches meanwhile.
/// </summary>
internal sealed class VectorFile : IDisposable
{
    private const int HeadBytes = 65_536;
    private const int SecondCopyAt = 4096;
    private const int MeanAt = 8192;
    private const int MaxDimension = (HeadBytes - MeanAt) / sizeof(float);
    private readonly FileStream _file;
    private readonly int _dimension;
    private readonly ulong _embedder;
    private readonly bool _writable;
    private readonly float[] _mean;
    private volatile VectorChunk[] _chunks = [];
    private volatile VectorHeader _head;
    private readonly HashSet<int> _erased = [];

    /// <summary>No deleted row holds its vector: what is deleted from now on is overwritten.</summary>
    private bool _isClean;
    private long _written;
    private long _deleted;

    private VectorFile(FileStream file, VectorHeader head, float[] mean, bool writable)
    {
        (_file, _head, _mean, _writable) = (file, head, mean, writable);
        (_dimension, _embedder, _written, _deleted) = (head.Dimension, head.Embedder, head.Rows, head.Deleted);
    }

    /// <summary>What counts of the file now.</summary>
    public VectorHeader Head => _head;

    public long Bytes => _file.Length;

    /// <summary>Makes an empty file.</summary>
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="embedder">Identity of the embedder.</param>
    /// <param name="mean">Mean of the vectors to come, which the bits are taken against.</param>
    /// <param name="rowsAtMean">Of how many vectors the mean was taken.</param>
    public static VectorFile Create(string path, string embedder, float[] mean, long rowsAtMean)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mean.Length, MaxDimension);
        var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.SetLength(HeadBytes);
        file.Position = MeanAt;
        file.Write(MemoryMarshal.AsBytes(mean.AsSpan()));
        var made = new VectorFile(file, new VectorHeader(0, 0, 0, 0, mean.Length, VectorHeader.HashOf(embedder), rowsAtMean), mean, writable: true);
        made.Commit(0);
        return made;
    }

    /// <summary>Opens a file; null when it is missing, damaged, of another format or of another embedder, and has to be made anew.</summary>
    public static VectorFile? Open(string path, string embedder, bool writable)
    {
        if (!File.Exists(path))
            return null;
        var file = new FileStream(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = ReadHead(file);
        if (head is null || head.Embedder != VectorHeader.HashOf(embedder) || head.Dimension is < 1 or > MaxDimension || head.Rows < 0)
        {
            file.Dispose();
            return null;
        }

        var mean = new float[head.Dimension];
        file.Position = MeanAt;
        file.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
        var opened = new VectorFile(file, head, mean, writable);
        opened.MapWhatIsThere();
        return opened;
    }

    /// <summary>Appends vectors; they count after <see cref="Commit"/>. Numbers rise; one that is not above the last is passed over.</summary>
    public void Append(IEnumerable<StoredVector> vectors)
    {
        var last = _written == 0 ? 0 : NumberAt(_written - 1);
        foreach (var (number, vector) in vectors)
        {
            if (number <= last)
                continue;
            if (vector.Length != _dimension)
                throw new InvalidDataException($"Vector {number} has {vector.Length} floats; this file holds {_dimension}.");
            EnsureChunk((int)(_written / VectorChunk.Rows));
            _chunks[_written / VectorChunk.Rows].Write((int)(_written % VectorChunk.Rows), number, vector, _mean);
            _written++;
            last = number;
        }
    }

    /// <summary>
    /// Deletes vectors, at once and in their place: a row of zeros stays, whose number says that it is deleted. Deleting twice does no harm, and ends what broke off.
    /// </summary>
    public void Remove(IEnumerable<long> numbers)
    {
        var zeros = new float[_dimension];
        foreach (var number in numbers)
        {
            if (RowOf(number) is not (>= 0 and var row))
                continue;
            var (index, at) = ((int)(row / VectorChunk.Rows), (int)(row % VectorChunk.Rows));
            var isAlive = VectorChunk.Alive(_chunks[index].Numbers[at]);
            if (!isAlive && _chunks[index].IsWhole(at))
                continue;
            // The number is marked after the floats are gone: what breaks off before is deleted again.
            _chunks[index].Write(at, ~number, zeros, _mean);
            _deleted += isAlive ? 1 : 0;
            _erased.Add(index);
        }
    }

    /// <summary>Brings deletions to the disk.</summary>
    public void FlushDeleted()
    {
        foreach (var index in _erased)
            _chunks[index].Flush();
        _erased.Clear();
    }

    /// <summary>Whether a deleted row holds a vector still, as files of before do.</summary>
    public bool HoldsDeleted()
    {
        if (_isClean)
            return false;
        for (long row = 0; row < _head.Rows; row++)
        {
            var (chunk, at) = (_chunks[row / VectorChunk.Rows], (int)(row % VectorChunk.Rows));
            if (!VectorChunk.Alive(chunk.Numbers[at]) && chunk.Vector(at).ContainsAnyExcept(0f))
                return true;
        }

        _isClean = true;
        return false;
    }

    /// <summary>Makes what was written count. Vectors and deletions reach the disk before the head does, which says that they are there.</summary>
    /// <param name="highWater">Everything of the store up to this number is in the file.</param>
    public void Commit(long highWater)
    {
        FlushDeleted();
        for (var i = (int)(_head.Rows / VectorChunk.Rows); i < _chunks.Length; i++)
            _chunks[i].Flush();
        WriteHead(_head with { Sequence = _head.Sequence + 1, Rows = _written, Deleted = _deleted, HighWater = highWater });
    }

    /// <summary>Tells other processes that map this file to open its successor.</summary>
    public void MarkReplaced() => WriteHead(_head with { Sequence = _head.Sequence + 1, Rows = -1 });

    /// <summary>Takes in what another process wrote.</summary>
    /// <returns>False when the file was replaced and has to be opened anew.</returns>
    public bool Refresh()
    {
        var head = ReadHead(_file);
        if (head is null || head.Rows < 0)
            return false;
        if (head.Sequence == _head.Sequence)
            return true;
        (_written, _head) = (head.Rows, head);
        MapWhatIsThere();
        return true;
    }

    /// <summary>Numbers and vectors of the rows that count.</summary>
    public IEnumerable<StoredVector> Rows()
    {
        for (long row = 0; row < _head.Rows; row++)
        {
            var chunk = _chunks[row / VectorChunk.Rows];
            var number = chunk.Numbers[(int)(row % VectorChunk.Rows)];
            if (VectorChunk.Alive(number))
                yield return new StoredVector(number, chunk.Vector((int)(row % VectorChunk.Rows)).ToArray());
        }
    }

    /// <summary>How many rows do not match their checksum.</summary>
    public long CountDamaged()
    {
        long damaged = 0;
        for (long row = 0; row < _head.Rows; row++)
            damaged += _chunks[row / VectorChunk.Rows].IsWhole((int)(row % VectorChunk.Rows)) ? 0 : 1;
        return damaged;
    }

    /// <summary>The nearest rows by cosine: bits first, then exactly among the best of these.</summary>
    public List<Scored> Search(ReadOnlySpan<float> query, NumberSet? allowed, int top)
    {
        var rows = _head.Rows;
        return VectorScan.Run(_chunks, rows, query, _mean, allowed, top);
    }

    /// <summary>Cosine of one pattern; null when it is not there.</summary>
    public float? Similarity(ReadOnlySpan<float> query, long number) =>
        RowOf(number) is var row and >= 0 && VectorChunk.Alive(_chunks[row / VectorChunk.Rows].Numbers[(int)(row % VectorChunk.Rows)]) ? TensorPrimitives.Dot(query, _chunks[row / VectorChunk.Rows].Vector((int)(row % VectorChunk.Rows))) : null;

    public void Dispose()
    {
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _file.Dispose();
    }

    /// <summary>Rows beyond the end of a file that was cut, or damaged at its end, do not count; the store gives them again.</summary>
    private void MapWhatIsThere()
    {
        var whole = (_file.Length - HeadBytes) / VectorChunk.BytesOf(_dimension);
        var rows = Math.Min(_head.Rows, whole * VectorChunk.Rows);
        for (var i = _chunks.Length; i * (long)VectorChunk.Rows < rows; i++)
            _chunks = [.. _chunks, Map(i)];
        var tail = rows - rows % VectorChunk.Rows;
        for (var row = Math.Max(0, tail == rows ? rows - VectorChunk.Rows : tail); row < rows; row++)
        {
            if (!_chunks[row / VectorChunk.Rows].IsWhole((int)(row % VectorChunk.Rows)))
                rows = row;
        }

        if (rows != _head.Rows)
            _head = _head with { Rows = rows, HighWater = rows == 0 ? 0 : NumberAt(rows - 1) };
        _written = rows;
        _deleted = CountDeleted(rows);
        _head = _head with { Deleted = _deleted };
    }

    /// <summary>A deletion marks its row at once, the head counts it later; the rows know better.</summary>
    private long CountDeleted(long rows)
    {
        long deleted = 0;
        for (var i = 0; i < _chunks.Length; i++)
        {
            foreach (var number in _chunks[i].Numbers[..(int)Math.Clamp(rows - i * (long)VectorChunk.Rows, 0, VectorChunk.Rows)])
                deleted += VectorChunk.Alive(number) ? 0 : 1;
        }

        return deleted;
    }

    private void EnsureChunk(int index)
    {
        if (index < _chunks.Length)
            return;
        _file.SetLength(Math.Max(_file.Length, HeadBytes + (index + 1) * VectorChunk.BytesOf(_dimension)));
        _chunks = [.. _chunks, Map(index)];
    }

    private VectorChunk Map(int index) => new(_file, HeadBytes + index * VectorChunk.BytesOf(_dimension), _dimension, _writable);

    private long NumberAt(long row)
    {
        var number = _chunks[row / VectorChunk.Rows].Numbers[(int)(row % VectorChunk.Rows)];
        return VectorChunk.Alive(number) ? number : ~number;
    }

    /// <summary>Row of a number that is there, deleted or not, else -1; numbers rise with rows.</summary>
    private long RowOf(long number)
    {
        long low = 0, high = _written - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var at = NumberAt(middle);
            if (at == number)
                return middle;
            (low, high) = at < number ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private void WriteHead(VectorHeader head)
    {
        Span<byte> copy = stackalloc byte[VectorHeader.CopyBytes];
        copy.Clear();
        head.Write(copy);
        RandomAccess.Write(_file.SafeFileHandle, copy, head.Sequence % 2 == 0 ? 0 : SecondCopyAt);
        _head = head;
    }

    private static VectorHeader? ReadHead(FileStream file)
    {
        Span<byte> copy = stackalloc byte[VectorHeader.CopyBytes];
        VectorHeader? newest = null;
        foreach (var at in (ReadOnlySpan<int>)[0, SecondCopyAt])
        {
            copy.Clear();
            RandomAccess.Read(file.SafeFileHandle, copy, at);
            var head = VectorHeader.Read(copy);
            newest = head is not null && (newest is null || head.Sequence > newest.Sequence) ? head : newest;
        }

        return file.Length < HeadBytes ? null : newest;
    }
}
