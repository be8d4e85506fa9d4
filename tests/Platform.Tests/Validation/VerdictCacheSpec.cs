using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Verdicts kept by content: what changed is judged again, and no more than that.</summary>
public sealed class VerdictCacheSpec
{
    private static readonly SourceFile[] Files = [.. "abc".Select(c => SourceFile.FromPath($"{c}.py", $"{c} = 1\n"))];
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(false, "b.py")]
    [InlineData(true, "a.py b.py c.py")]
    public async Task GetAsync_OneFileChanged_AsksForWhatDependsOnIt(bool together, string expected)
    {
        var cache = new VerdictCache<string>(10, _ => true);
        await cache.GetAsync("x", Files, together, AskAsync);
        (await cache.GetAsync("x", Files, together, AskAsync)).ShouldBe(["a = 1\n", "b = 1\n", "c = 1\n"]);
        _asked.ShouldHaveSingleItem();

        var verdicts = await cache.GetAsync("x", [Files[0], Files[1] with { Text = "b = 2\n" }, Files[2]], together, AskAsync);

        verdicts.ShouldBe(["a = 1\n", "b = 2\n", "c = 1\n"]);
        _asked[1].ShouldBe(expected);
    }

    [Fact]
    public async Task GetAsync_VerdictThatDoesNotLast_IsAskedForAgain()
    {
        var cache = new VerdictCache<string>(10, v => v[0] != 'b');
        await cache.GetAsync("x", Files, together: false, AskAsync);
        await cache.GetAsync("x", Files, together: false, AskAsync);

        _asked.ShouldBe(["a.py b.py c.py", "b.py"]);
    }

    private Task<IReadOnlyList<string>> AskAsync(IReadOnlyList<SourceFile> files)
    {
        _asked.Add(string.Join(' ', files.Select(f => f.Path)));
        return Task.FromResult<IReadOnlyList<string>>([.. files.Select(f => f.Text)]);
    }
}
