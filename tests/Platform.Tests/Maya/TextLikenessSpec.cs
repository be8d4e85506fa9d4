using Platform.Maya;

namespace Platform.Tests.Maya;

/// <summary>Near repeats among many texts, in memory and time that grow with their number and no faster.</summary>
public sealed class TextLikenessSpec
{
    [Fact]
    public async Task Add_NearAndFar_FindsTheNear()
    {
        var likeness = new TextLikeness(3, Nothing);

        (await likeness.AddAsync(1, "Our lamp dims by itself when you stop reading, and wakes with the first page you turn.")).ShouldBeNull();
        (await likeness.AddAsync(2, "Our lamp dims by itself when you stop reading, and wakes with the first page you open.")).ShouldNotBeNull().Place.ShouldBe(1);
        (await likeness.AddAsync(3, "Come to our open day on Saturday and see how the shades are made.")).ShouldBeNull();
        TextLikeness.Overlap("one two three four", "one two three four").ShouldBe(1);
    }

    [Fact]
    public async Task Add_LongTexts_AreReadAgainAndComparedAsAWhole()
    {
        var texts = new List<string>();
        var reads = 0;
        var likeness = new TextLikeness(10, place =>
        {
            reads++;
            return Task.FromResult(texts[(int)place]);
        });
        texts.AddRange([Long(1, 200), Long(2, 200), Long(1, 190) + " and then it ends another way than before"]);

        (await likeness.AddAsync(0, texts[0])).ShouldBeNull();
        (await likeness.AddAsync(1, texts[1])).ShouldBeNull();
        var near = (await likeness.AddAsync(2, texts[2])).ShouldNotBeNull();

        near.Place.ShouldBe(0);
        near.Overlap.ShouldBe(TextLikeness.Overlap(texts[0], texts[2]));
        reads.ShouldBe(1);
    }

    [Fact]
    public async Task Add_ManyOfOneTemplate_RepeatsAreStillFound()
    {
        const int Many = 5_000;
        var likeness = new TextLikeness(Many * 2, Nothing);
        for (var i = 0; i < Many; i++)
            (await likeness.AddAsync(i, Templated(i))).ShouldBeNull();

        var found = 0;
        for (var i = 0; i < Many; i += 10)
            found += await likeness.AddAsync(Many + i, Templated(i)) is var (place, overlap) && place == i && overlap > 0.99 ? 1 : 0;

        // Its own bands tell a text from the others of its template; where none does, it is not looked for among thousands.
        found.ShouldBeGreaterThan(Many / 10 * 9 / 10);
    }

    private static string Templated(int i) => $"Our desk lamp dims by itself, and row {Name(i)} says so.";

    private static string Long(int seed, int words) => string.Join(' ', Enumerable.Range(0, words).Select(i => Name(((i * 7919) + (seed * 104729)) % 5003)));

    /// <summary>A word for a number; digits count as the same whatever they say.</summary>
    private static string Name(int i) => string.Create(6, i, static (name, i) =>
    {
        for (var at = 0; at < name.Length; at++, i /= 13)
            name[at] = "bcdfghklmnprt"[i % 13];
    });

    private static Task<string> Nothing(long place) => throw new InvalidOperationException("short texts are known as a whole");
}
