using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>Vectors to search in, one after the other, and queries that are not among them.</summary>
internal sealed class VectorSample(float[] rows, float[] queries, int dimension, string what)
{
    private const int Clusters1 = 1000;
    private const int BlockRows = 4096;
    private const double Noise = 0.7;

    public int Dimension => dimension;

    public int Rows => rows.Length / dimension;

    public string What => what;

    public float[] All => rows;

    public ReadOnlySpan<float> Row(int i) => rows.AsSpan(i * dimension, dimension);

    public ReadOnlySpan<float> Query(int i) => queries.AsSpan(i * dimension, dimension);

    /// <summary>Mean of the first rows, as the product takes it.</summary>
    public float[] Mean()
    {
        var mean = new float[dimension];
        var count = Math.Min(Rows, 8192);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < dimension; j++)
                mean[j] += rows[(i * dimension) + j] / count;
        }

        return mean;
    }

    /// <summary>Points around random centres.</summary>
    public static VectorSample Clusters(int count, int dimension, int queries)
    {
        var centres = new float[Clusters1 * dimension];
        Fill(centres, new Random(1), null, dimension);
        var (all, asked) = (new float[(long)count * dimension], new float[queries * dimension]);
        Fill(all, new Random(2), centres, dimension);
        Fill(asked, new Random(3), centres, dimension);
        return new VectorSample(all, asked, dimension, "synthetic clusters");
    }

    /// <summary>Members of source folders, embedded as patterns; every so-manieth description is a query instead.</summary>
    public static VectorSample OfCode(string[] paths, int most, int queries)
    {
        var embedder = Embedder.Of(new WordEmbedder());
        var preparer = new PatternPreparer(embedder, "bench", false, 0);
        var drafts = paths.SelectMany(path => FolderWalker.Walk(path).Where(f => f.Skipped is null))
            .SelectMany(f => FolderWalker.Read(f.Path, File.ReadAllBytes(f.FullPath), out _) is { } text && Languages.Of(f.Path) is var language ? preparer.Prepare(f.Path, language, Chunker.Split(f.Path, language, text)) : []).ToList();
        if (drafts.Count > most)
            drafts = [.. drafts.Where((_, i) => (long)i * most / drafts.Count != (long)(i + 1) * most / drafts.Count)];
        var asked = drafts.Where(d => d.Row.Doc.Length > 20).DistinctBy(d => d.Row.Doc).ToList();
        var step = Math.Max(1, asked.Count / queries);
        var texts = asked.Where((_, i) => i % step == 0).Take(queries).Select(d => d.Row.Doc[..Math.Min(200, d.Row.Doc.Length)]).ToList();
        return new VectorSample([.. drafts.SelectMany(d => d.Vector!)], [.. texts.SelectMany(WordEmbedder.Embed)], WordVectors.Dimension, $"real code by {WordEmbedder.Identity}");
    }

    private static void Fill(float[] to, Random random, float[]? centres, int dimension)
    {
        // Each block has its own random numbers, so that several threads fill the same million rows in the same way.
        var seed = random.Next();
        Parallel.For(0, (to.Length + BlockRows * dimension - 1) / (BlockRows * dimension), block =>
        {
            var from = block * BlockRows * dimension;
            FillBlock(to.AsSpan(from, Math.Min(BlockRows * dimension, to.Length - from)), new Random(seed ^ (block * 7919)), centres, dimension);
        });
    }

    private static void FillBlock(Span<float> to, Random random, float[]? centres, int dimension)
    {
        for (var at = 0; at < to.Length; at += dimension)
        {
            var vector = to.Slice(at, dimension);
            var centre = centres is null ? [] : centres.AsSpan(random.Next(Clusters1) * dimension, dimension);
            for (var i = 0; i < dimension; i++)
                vector[i] = Gaussian(random) / MathF.Sqrt(dimension) * (float)(centres is null ? 1 : Noise) + (centres is null ? 0 : centre[i]);
            VectorMath.Normalise(vector);
        }
    }

    private static float Gaussian(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
