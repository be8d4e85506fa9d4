using System.Text.Json;
using Platform.Maya;
using Platform.Tests.Simulator;

namespace Platform.Tests.Maya;

/// <summary>Characters as people see them, beside the Unicode library that Node carries: over texts of scripts whose letters join.</summary>
public sealed class GraphemeForeignSpec
{
    [Fact]
    public async Task LengthAt_TextsOfJoiningScripts_CutsWhereUnicodeDoes()
    {
        var file = Path.GetTempFileName();
        try
        {
            var token = TestContext.Current.CancellationToken;
            var (exit, output) = await NodeScripts.RunAsync(NodeScripts.Folder("twitter-text"), "graphemes.mjs", ["7", "20000", file], new Dictionary<string, string>(), token);
            exit.ShouldBe(0, output);

            (await File.ReadAllLinesAsync(file, token)).Select(Difference).OfType<string>().Take(5).ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string? Difference(string line)
    {
        using var read = JsonDocument.Parse(line);
        var text = read.RootElement.GetProperty("text").GetString()!;
        var theirs = string.Join(' ', read.RootElement.GetProperty("lengths").EnumerateArray());
        var ours = string.Join(' ', Lengths(text));
        return ours == theirs ? null : $"{JsonSerializer.Serialize(text)}: Unicode cuts {theirs}, we {ours}";
    }

    private static IEnumerable<int> Lengths(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Grapheme.LengthAt(text.AsSpan(at));
            at += length;
            yield return length;
        }
    }
}
