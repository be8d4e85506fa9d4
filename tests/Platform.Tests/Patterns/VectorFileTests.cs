using FsCheck;
using FsCheck.Fluent;
using Platform.Patterns;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>The vector file against a dictionary, through any sequence of writes, reopenings and crashes.</summary>
public sealed class VectorFileTests : IDisposable
{
    private const string Embedder = "test-16/1";
    private const int Dimension = 16;
    private readonly string _folder = Directory.CreateTempSubdirectory("vectors-test-").FullName;

    [Fact]
    public void AnySequence_OfAppendRemoveReopenCrash_EqualsAModel()
    {
        var steps = Gen.Choose(0, 9).Two().ListOf();
        Prop.ForAll(steps.ToArbitrary(), list => Run([.. list.Select(s => (s.Item1, s.Item2))])).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void Open_CutAtAnyPoint_HoldsAPrefixAndTakesInTheRestAgain()
    {
        var path = Path.Combine(_folder, "whole.vec");
        var all = Enumerable.Range(1, 5000).Select(i => new StoredVector(i, Vector(i))).ToList();
        using (var file = VectorFile.Create(path, Embedder, new float[Dimension], 0))
        {
            file.Append(all);
            file.Remove([3, 4999]);
            file.Commit(5000);
        }

        var random = new Random(7);
        var length = new FileInfo(path).Length;
        for (var i = 0; i < 60; i++)
        {
            var cut = Path.Combine(_folder, $"cut{i}.vec");
            File.Copy(path, cut);
            using (var stream = new FileStream(cut, FileMode.Open))
                stream.SetLength(random.NextInt64(0, length + 1));
            using var opened = VectorFile.Open(cut, Embedder, writable: true) ?? VectorFile.Create(cut, Embedder, new float[Dimension], 0);
            opened.Head.HighWater.ShouldBeLessThanOrEqualTo(5000);
            opened.Append(all.Where(v => v.Number > opened.Head.HighWater));
            opened.Remove([3, 4999]);
            opened.Commit(5000);
            opened.Rows().Select(r => r.Number).ShouldBe(all.Select(v => v.Number).Except([3L, 4999L]));
            opened.CountDamaged().ShouldBe(0);
        }
    }

    [Fact]
    public void Open_BytesOverwrittenAtTheEnd_DropsTheDamagedRows()
    {
        var path = Path.Combine(_folder, "damaged.vec");
        using (var file = VectorFile.Create(path, Embedder, new float[Dimension], 0))
        {
            file.Append(Enumerable.Range(1, 100).Select(i => new StoredVector(i, Vector(i))));
            file.Commit(100);
        }

        using (var stream = new FileStream(path, FileMode.Open))
        {
            stream.Position = 65_536 + 4096 * (8 + 4 + VectorChunk.PlaneBytesOf(Dimension)) + 50 * Dimension * sizeof(float);
            stream.Write(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 });
        }

        using var opened = VectorFile.Open(path, Embedder, writable: true);
        opened!.Head.Rows.ShouldBe(50);
        opened.Head.HighWater.ShouldBe(50);
    }

    [Fact]
    public void Remove_Vector_IsErasedInItsPlace()
    {
        var path = Path.Combine(_folder, "erased.vec");
        using var file = VectorFile.Create(path, Embedder, new float[Dimension], 0);
        file.Append(Enumerable.Range(1, 9000).Select(i => new StoredVector(i, Vector(i))));
        file.Commit(9000);
        var (length, held) = (file.Bytes, Bytes(Vector(17)));
        Read(path).AsSpan().IndexOf(held).ShouldBeGreaterThan(0);

        file.Remove([17]);
        file.Commit(9001);

        Read(path).AsSpan().IndexOf(held).ShouldBe(-1);
        (file.Bytes, file.Head.Rows, file.Head.Deleted, file.CountDamaged(), file.HoldsDeleted()).ShouldBe((length, 9000, 1, 0, false));
        file.Similarity(Vector(17), 17).ShouldBeNull();
        file.Search(Vector(17), null, 9000).Select(s => s.Number).ShouldNotContain(17);

        static byte[] Bytes(float[] vector) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan()).ToArray();
    }

    [Fact]
    public void Open_AnotherEmbedder_IsRefused()
    {
        var path = Path.Combine(_folder, "other.vec");
        VectorFile.Create(path, Embedder, new float[Dimension], 0).Dispose();

        VectorFile.Open(path, "other-16/1", writable: false).ShouldBeNull();
    }

    [Fact]
    public void Search_ManyRows_FindsWhatAnExactScanFinds()
    {
        const int Rows = 20_000;
        var random = new Random(3);
        var centres = Enumerable.Range(0, 200).Select(_ => Random(random, WordVectors.Dimension)).ToArray();
        var all = Enumerable.Range(1, Rows).Select(i => new StoredVector(i, Near(centres[i % 200], random))).ToList();
        using var file = VectorFile.Create(Path.Combine(_folder, "many.vec"), "x", new float[WordVectors.Dimension], 0);
        file.Append(all);
        file.Commit(Rows);

        var found = 0;
        for (var q = 0; q < 50; q++)
        {
            var query = Near(centres[q], random);
            var exact = all.OrderByDescending(v => System.Numerics.Tensors.TensorPrimitives.Dot<float>(query, v.Vector)).Take(10).Select(v => v.Number).ToHashSet();
            found += file.Search(query, null, 10).Count(s => exact.Contains(s.Number));
        }

        (found / 500.0).ShouldBeGreaterThanOrEqualTo(0.99);
    }

    [Fact]
    public void Search_SecondReaderOfTheFile_SeesWhatWasCommitted()
    {
        var path = Path.Combine(_folder, "shared.vec");
        using var writer = VectorFile.Create(path, Embedder, new float[Dimension], 0);
        writer.Append([new StoredVector(1, Vector(1))]);
        writer.Commit(1);
        using var reader = VectorFile.Open(path, Embedder, writable: false)!;

        writer.Append(Enumerable.Range(2, 5000).Select(i => new StoredVector(i, Vector(i))));
        writer.Commit(5001);

        reader.Refresh().ShouldBeTrue();
        reader.Search(Vector(4711), null, 1)[0].Number.ShouldBe(4711);
        writer.MarkReplaced();
        reader.Refresh().ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Steps: append and commit, append without commit, remove, update (under a new number, as the store does), commit, reopen, crash in the middle of writing the head.
    /// What was not committed is given again, as the store does.
    /// </summary>
    private bool Run((int What, int Size)[] steps)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.vec");
        var model = new SortedDictionary<long, float[]>();
        long next = 1;
        var file = VectorFile.Create(path, Embedder, new float[Dimension], 0);
        try
        {
            foreach (var (what, size) in steps)
            {
                switch (what)
                {
                    case <= 3:
                        var added = Enumerable.Range(0, 1 + size * size * 20).Select(_ => new StoredVector(next, Vector(next++))).ToList();
                        added.ForEach(v => model.Add(v.Number, v.Vector));
                        file.Append(added);
                        if (what <= 2)
                            file.Commit(next - 1);
                        break;
                    case 4 when model.Count > 0:
                        var old = model.Keys.ElementAt(size % model.Count);
                        model.Remove(old);
                        model.Add(next, Vector(next));
                        file.Remove([old]);
                        file.Append([new StoredVector(next, model[next++])]);
                        break;
                    case <= 5:
                        var gone = model.Keys.Where(k => k % (size + 2) == 0).ToList();
                        gone.ForEach(k => model.Remove(k));
                        file.Remove(gone);
                        break;
                    case 6:
                        file.Commit(next - 1);
                        break;
                    default:
                        var torn = file.Head.Sequence;
                        file.Dispose();
                        if (what == 9)
                            TearHead(path, torn);
                        file = VectorFile.Open(path, Embedder, writable: true) ?? VectorFile.Create(path, Embedder, new float[Dimension], 0);
                        file.Append(model.Where(m => m.Key > file.Head.HighWater).Select(m => new StoredVector(m.Key, m.Value)));
                        file.Remove(Enumerable.Range(1, (int)next).Select(n => (long)n).Where(n => !model.ContainsKey(n)));
                        break;
                }
            }

            file.Commit(next - 1);
            var same = file.Rows().Select(r => r.Number).SequenceEqual(model.Keys) && file.Rows().All(r => r.Vector.AsSpan().SequenceEqual(model[r.Number]));
            var counted = file.Head.Rows - file.Head.Deleted == model.Count;
            var found = model.Count == 0 || file.Search(model.First().Value, null, 1)[0].Number == model.First().Key;
            return same && counted && found && file.CountDamaged() == 0;
        }
        finally
        {
            file.Dispose();
            File.Delete(path);
        }
    }

    /// <summary>The newest head was written half; its other copy is whole.</summary>
    private static void TearHead(string path, long sequence)
    {
        using var stream = new FileStream(path, FileMode.Open);
        stream.Position = (sequence % 2 == 0 ? 0 : 4096) + 20;
        stream.Write(new byte[] { 0xAB, 0xCD, 0xEF });
    }

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static float[] Vector(long seed) => Random(new Random((int)seed), Dimension);

    private static float[] Random(Random random, int dimension)
    {
        var vector = Enumerable.Range(0, dimension).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        VectorMath.Normalise(vector);
        return vector;
    }

    private static float[] Near(float[] centre, Random random)
    {
        var noise = Random(random, centre.Length);
        var vector = centre.Select((c, i) => c + 0.7f * noise[i]).ToArray();
        VectorMath.Normalise(vector);
        return vector;
    }
}
