using System.Text;
using Platform.Patterns;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What a question is turned into, and the file of word vectors behind it.</summary>
public sealed class QueryWordsTests
{
    [Fact]
    public void Related_AWordOfTheList_IsRelatedBothWays()
    {
        RelatedWords.Of(Stemmer.Stem("abort")).ShouldContain(Stemmer.Stem("cancel"));
        RelatedWords.Of(Stemmer.Stem("cancel")).ShouldContain(Stemmer.Stem("abort"));
        RelatedWords.Of("zanzibar").ShouldBeEmpty();
    }

    [Fact]
    public void Related_WholeList_HasNoWordRelatedToItself()
    {
        using var reader = new StreamReader(typeof(RelatedWords).Assembly.GetManifestResourceStream("related-words.txt")!);
        var words = reader.ReadToEnd().Split('\n').Where(l => l.Length > 0 && l[0] != '#').SelectMany(l => l.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries)).Select(Stemmer.Stem).Distinct().ToList();

        words.Count.ShouldBeGreaterThan(100);
        words.ShouldAllBe(w => !RelatedWords.Of(w).Contains(w));
    }

    [Fact]
    public void Query_NeighbouringWords_AlsoMeanTheirCompound()
    {
        var concepts = QueryTerms.Of("read the file name").Concepts.ToList();

        concepts.Single(c => c.Term == Stemmer.Stem("file")).Related.Select(r => r.Term).ShouldContain(Stemmer.Stem("filename"));
        concepts.Single(c => c.Term == Stemmer.Stem("the")).Related.ShouldBeEmpty();
        concepts.Single(c => c.Term == Stemmer.Stem("the")).Weight.ShouldBeLessThan(concepts.Single(c => c.Term == Stemmer.Stem("file")).Weight);
    }

    [Fact]
    public void Query_HugeOrOddText_StaysSmall()
    {
        QueryTerms.Of(string.Join(' ', Enumerable.Range(0, 10_000).Select(i => $"word{i}"))).Concepts.Count.ShouldBeLessThanOrEqualTo(64);
        QueryTerms.Of(new string('x', 200_000)).Concepts.Count.ShouldBeLessThanOrEqualTo(1);
        QueryTerms.Of("\0\uD800 ... !!!").Concepts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_CompoundAndRelatedWords_FindCodeThatSaysItOtherwise()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync(options: new PatternsOptions { VectorWeight = 0 });
        var folder = store.Write("shop", ("a.py", "def strip_extension(filename):\n    return filename.rsplit('.', 1)[0]\n"), ("b.py", "def cancel_all(jobs):\n    for job in jobs:\n        job.stop()\n"), ("c.py", "def paint(canvas):\n    canvas.fill()\n"));
        await memory.IndexFolderAsync([folder], new() { Project = "shop" }, null, default);

        (await memory.SearchAsync(new() { Query = "file name without its ending" }, default)).Results[0].Name.ShouldBe("strip_extension");
        (await memory.SearchAsync(new() { Query = "abort everything" }, default)).Results[0].Name.ShouldBe("cancel_all");
    }

    [Fact]
    public void WordVectors_TruncatedAnywhere_SaySo()
    {
        var whole = File(("alpha", 1), ("beta", 2), ("gamma", 3));
        WordVectors.Read(new MemoryStream(whole)).Count.ShouldBe(3);

        for (var length = 0; length < whole.Length; length += length < 80 ? 1 : 37)
            Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(whole[..length])), $"{length} of {whole.Length} bytes");
    }

    [Fact]
    public void WordVectors_HostileFiles_AreRefusedWithoutTakingMemory()
    {
        var whole = File(("alpha", 1), ("beta", 2));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream([.. whole, 0])));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(Encoding.UTF8.GetBytes("no such file at all, just text")))).Message.ShouldContain("128 dimensions");
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(With(whole, 8, int.MaxValue)))).Message.ShouldContain("2147483647");
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(With(whole, 8, -1))));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(With(whole, 4, 64))));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(With(whole, 18, BitConverter.SingleToInt32Bits(float.NaN)))));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(With(whole, 12, -1))));
        Should.Throw<InvalidDataException>(() => WordVectors.Read(new MemoryStream(File(("same", 1), ("same", 2))))).Message.ShouldContain("twice");
    }

    private static byte[] File(params (string Word, float Value)[] words)
    {
        var stream = new MemoryStream();
        WordVectors.Write(stream, [.. words.Select(w => w.Word)], [.. words.SelectMany(w => Enumerable.Repeat(w.Value, WordVectors.Dimension))]);
        return stream.ToArray();
    }

    private static byte[] With(byte[] file, int at, int value)
    {
        var changed = file.ToArray();
        BitConverter.GetBytes(value).CopyTo(changed, at);
        return changed;
    }
}
