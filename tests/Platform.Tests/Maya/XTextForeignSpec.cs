using System.Globalization;
using System.Text.Json;
using Platform.Maya;
using Platform.Tests.Simulator;

namespace Platform.Tests.Maya;

/// <summary>X's own reading of texts, by the open implementation of its specification, beside ours: over thousands of texts made of what is hard to read.</summary>
public sealed class XTextForeignSpec
{
    private const int Texts = 6_000;
    private const int MostShown = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task Parse_TextsMadeOfHardPieces_ReadsAsTheReferenceDoes(int seed)
    {
        var folder = NodeScripts.Folder("twitter-text");
        var file = Path.GetTempFileName();
        try
        {
            var token = TestContext.Current.CancellationToken;
            string[] words = [seed.ToString(CultureInfo.InvariantCulture), Texts.ToString(CultureInfo.InvariantCulture), file];
            var (exit, output) = await NodeScripts.RunAsync(folder, "x-text.mjs", words, new Dictionary<string, string>(), token);
            exit.ShouldBe(0, output);
            var lines = await File.ReadAllLinesAsync(file, token);

            lines.Length.ShouldBe(Texts);
            lines.SelectMany(Differences).Take(MostShown).ShouldBeEmpty();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> Differences(string line)
    {
        using var read = JsonDocument.Parse(line);
        var theirs = read.RootElement.Clone();
        var text = theirs.GetProperty("text").GetString()!;
        var length = XText.Parse(text);
        var valid = length.IsValid ? "true" : "false";
        (string What, string Ours)[] ours =
        [
            ("count", string.Create(CultureInfo.InvariantCulture, $"{length.WeightedLength} {valid} {length.Permillage} {length.ValidEnd} {length.DisplayEnd}")),
            ("urls", Join(XText.Urls(text))), ("hashtags", Join(XText.Hashtags(text))), ("mentions", Join(XText.MentionsOrLists(text))), ("cashtags", Join(XText.Cashtags(text))), ("reply", XText.Reply(text) ?? ""),
        ];
        foreach (var (what, mine) in ours)
        {
            var value = theirs.GetProperty(what);
            var reference = value.ValueKind == JsonValueKind.Array ? string.Join('|', value.EnumerateArray().Select(found => found.GetString())) : value.GetString();
            if (mine != reference)
                yield return $"{what}: the reference says '{reference}', we say '{mine}', of {JsonSerializer.Serialize(text)}";
        }
    }

    private static string Join(IReadOnlyList<XEntity> found) => string.Join('|', found.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Value}{e.ListSlug} {e.Start} {e.End}")));
}
