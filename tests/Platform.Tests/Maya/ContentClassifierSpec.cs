using Platform.Maya;
using Platform.Tests.Architecture;
using Shouldly;
using Xunit;

namespace Platform.Tests.Maya;

public sealed class ContentClassifierSpec
{
    [Theory]
    [InlineData("intent", "We're hiring two nurses for the night shift, apply today.", "hiring")]
    [InlineData("intent", "We are so sorry about the mix-up with your invoices.", "apology")]
    [InlineData("intent", "Thank you to everyone who helped us move house.", "thanks")]
    [InlineData("intent", "30% off all lamps this weekend with code LIGHT.", "promote")]
    [InlineData("sentiment", "I love it, wonderful service!", "positive")]
    [InlineData("sentiment", "Awful. It broke on the first day and nobody answers.", "negative")]
    [InlineData("sentiment", "The shop is open from nine to five.", "neutral")]
    [InlineData("emotion", "I'm so happy, we won the match!", "joy")]
    [InlineData("emotion", "I am scared to walk home in the dark.", "fear")]
    [InlineData("emotion", "This is outrageous, I want my money back.", "anger")]
    [InlineData("emotion", "The office is on the second floor.", "none")]
    [InlineData("safety", "A quiet morning by the lake.", "safe")]
    [InlineData("safety", "My key is AKIAABCDEFGHIJKLMNOP, do not tell.", "secret")]
    [InlineData("safety", "Card 4111 1111 1111 1111 expires soon", "personal_data")]
    [InlineData("safety", "i'm going to kill myself", "self_harm")]
    [InlineData("safety", "All immigrants are vermin", "hate")]
    [InlineData("safety", "This tea cures cancer", "banned_claim")]
    public void Classify_ClearText_Label(string kind, string text, string label) => ContentClassifier.Classify(kind, text).Label.ShouldBe(label);

    [Theory]
    [InlineData("Order 4111 1111 1111 1112 has shipped")]
    [InlineData("We kill bugs, not time.")]
    [InlineData("Our bath bombs are back in the shop.")]
    [InlineData("Reset your password from the login page.")]
    public void Classify_HarmlessText_Safe(string text) => ContentClassifier.Classify("safety", text).Label.ShouldBe("safe");

    [Fact]
    public void Classify_UnknownKind_NamesKinds() =>
        Should.Throw<ArgumentException>(() => ContentClassifier.Classify("mood", "x")).Message.ShouldContain("sentiment");

    [Fact]
    public void Train_SeparableTexts_LearnsAndSurvivesTheFile()
    {
        var examples = Enumerable.Range(0, 60).Select(i => new LabelledText(i % 2 == 0 ? "bread" : "train", i % 2 == 0 ? $"fresh loaf {i} from the oven" : $"platform {i} departs late")).ToList();
        var model = new LinearTextTrainer().Train(examples);
        using var file = new MemoryStream();
        model.Write(file);
        file.Position = 0;
        var again = LinearTextModel.Read(file);
        var score = LinearTextTrainer.Score(again, [new("bread", "a warm loaf"), new("train", "the departs board")]);
        score.Accuracy.ShouldBe(1);
        score.MacroRecall.ShouldBe(1);
    }

    [Fact]
    public void Train_RareLabel_IsNotDrowned()
    {
        var examples = Enumerable.Range(0, 200).Select(i => new LabelledText(i % 20 == 0 ? "rare" : "common", i % 20 == 0 ? $"the violet clock {i} strikes" : $"a plain note {i} about nothing")).ToList();
        var model = new LinearTextTrainer().Train(examples);

        LinearTextTrainer.Score(model, [new("rare", "violet clock"), new("common", "plain note")]).MacroRecall.ShouldBe(1);
    }

    [Fact]
    public void Train_ManyLabels_EachIsFound()
    {
        // As many labels as the largest public intent sets have, each with a word of its own among shared ones.
        var examples = Enumerable.Range(0, 150).SelectMany(label => Enumerable.Range(0, 6).Select(i => new LabelledText($"label{label}", $"please could you word{(char)('a' + (label % 26))}{(char)('a' + (label / 26))} me the thing number {i}"))).ToList();
        var (train, test) = LinearTextTrainer.Split(examples, 6);

        LinearTextTrainer.Score(new LinearTextTrainer().Train(train), test).Accuracy.ShouldBeGreaterThan(0.95);
    }

    [Fact]
    public void Committed_Models_DoWhatTheirCardSays()
    {
        // The committed weights were trained without every fifth text of each label; the figures of the card are measured again here.
        foreach (var (kind, file, column, least) in new[] { ("intent", "intent.tsv", 0, 0.80), ("sentiment", "sentiment.tsv", 0, 0.78), ("emotion", "sentiment.tsv", 1, 0.75) })
        {
            var rows = File.ReadLines(Path.Combine(Repository.Root, "src", "Maya", "Classifying", file)).Select(line => line.Split('\t')).Select(cells => new LabelledText(cells[column], cells[^1]));
            var test = LinearTextTrainer.Split(rows, 5).Test;
            var right = test.Count(example => ContentClassifier.Classify(kind, example.Text).Label == example.Label);

            test.Count.ShouldBeGreaterThan(80, kind);
            ((double)right / test.Count).ShouldBeGreaterThan(least, kind);
        }
    }

    [Fact]
    public void Read_OtherBytes_Refused() => Should.Throw<InvalidDataException>(() => LinearTextModel.Read(new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8])));
}
