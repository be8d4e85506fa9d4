using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;
using Platform.Inference;
using Platform.Patterns;
using Platform.Tests.Inference;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>
/// The loop closes: over a stream of tasks, what was learned from earlier jobs makes later ones succeed. The engine is scripted and blind to the
/// memory: it sees the prompt alone, as the product builds it from the product's own recall, and succeeds only if the excerpt it needs stands in it.
/// The negative control learns the same code under the wrong tasks; it must show no lift.
/// </summary>
public abstract class LearningSimulationSpec
{
    private const int Rounds = 12;
    private const int GivenEvery = 6;
    private const double WithheldShare = 0.4;

    private static readonly string[] Topics =
    [
        "invoice late payment", "parcel customs weight", "recipe ingredient shopping", "sensor temperature drift", "voucher expiry date", "timetable train delay", "warehouse shelf stock", "passenger seat booking",
        "subscription yearly renewal", "hospital bed occupancy", "playlist song order", "reactor coolant pressure", "glacier melt speed", "orchestra rehearsal room", "vineyard grape harvest", "satellite orbit height",
        "pharmacy pill dosage", "stadium ticket gate", "embassy visa queue", "bakery oven schedule", "harbour ship berth", "museum guide language", "aquarium fish feeding", "theatre curtain time",
        "quarry stone transport", "orchard apple pruning", "laundry machine cycle", "casino chip exchange", "lighthouse lamp interval", "brewery barrel ageing",
    ];

    private static readonly string[] Phrases = ["Write the {0} function", "Compute {0}", "Add {0} handling to the module", "We need {0} as a method"];

    protected abstract StoreUnderTest MakeStore();

    [Fact]
    public async Task Stream_WithMemory_SucceedsMoreOftenThanWithout_AndAShuffledMemoryDoesNot()
    {
        var learned = await RunAsync(shift: 0, WithheldShare);
        var shuffled = await RunAsync(shift: 7, WithheldShare);
        var without = await RunAsync(shift: 0, withheld: 1);

        Print("memory", learned);
        Print("shuffled memory (control)", shuffled);
        Print("no memory", without);
        learned.Lift.Conclusive.ShouldBeTrue();
        learned.Lift.Low.ShouldBeGreaterThan(0.3);
        learned.SecondHalf.ShouldBeGreaterThan(learned.FirstHalf);
        shuffled.Lift.Conclusive.ShouldBeFalse();
        shuffled.Lift.WithMemory.All.ShouldBeGreaterThan(150);
        shuffled.Lift.Withheld.All.ShouldBeGreaterThan(100);
        learned.SecondHalf.ShouldBeGreaterThan(without.SecondHalf + 0.3);
        without.Lift.WithMemory.All.ShouldBe(0);
    }

    /// <summary>One stream. A topic's code comes with one of its requests in six; otherwise only memory can bring it.</summary>
    /// <param name="shift">Topics by which what is learned is put under a wrong task; 0 for none.</param>
    /// <param name="withheld">Share of jobs without memory.</param>
    private async Task<Figures> RunAsync(int shift, double withheld)
    {
        await using var store = MakeStore();
        var memory = await store.OpenAsync(options: new PatternsOptions { WithheldShare = withheld });
        var good = new int[Rounds];
        for (var round = 0; round < Rounds; round++)
        {
            for (var topic = 0; topic < Topics.Length; topic++)
                good[round] += await StepAsync(memory, round, topic, shift) ? 1 : 0;
        }

        var analytics = await memory.GetAnalyticsAsync(new GetAnalyticsRequest(), default);
        double Share(int from, int to) => (double)good[from..to].Sum() / ((to - from) * Topics.Length);
        return new Figures(Share(0, Rounds / 2), Share(Rounds / 2, Rounds), analytics.Lift, analytics.Reuse);
    }

    private static async Task<bool> StepAsync(PatternLibrary memory, int round, int topic, int shift)
    {
        var (code, need) = CodeOf(topic);
        var id = string.Create(CultureInfo.InvariantCulture, $"sim-{round:D2}-{topic:D2}");
        var job = Jobs.Succeeded(id, TaskOf(topic, round), code);
        if ((round + topic) % GivenEvery == 0)
            job.Request.Files.Add(new SourceFile { Path = "given.py", Language = "python", Text = code });
        var asked = Jobs.RecallOf(job, id);
        asked.Top = 2;
        var recall = await memory.RecallAsync(asked, default);
        var prompt = string.Concat(PromptSpec.Build(job.Request, recall).Select(m => m.Text));
        var succeeded = Answers(prompt, need);
        if (!recall.Withheld)
            job.Result.Patterns.Add(recall.Examples.Select(e => new PatternRef { Id = e.Id }));
        if (!succeeded)
            Fail(job);
        // The control remembers the same code under the task of another topic.
        job.Request.Task = TaskOf((topic + shift) % Topics.Length, round);
        await memory.LearnAsync(job, default);
        return succeeded;
    }

    /// <summary>The engine. It knows nothing but the prompt.</summary>
    private static bool Answers(string prompt, string need) => prompt.Contains(need, StringComparison.Ordinal);

    private static void Fail(Job job)
    {
        job.State = JobStates.Failed;
        job.Result.Code = "raise NotImplementedError('nobody said how')\n";
        job.Result.Tests.Outcome = "failed";
    }

    /// <summary>Code that shares no word with its task: only what was learned about it can find it.</summary>
    private static (string Code, string Need) CodeOf(int topic)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"topic {topic}")))[..10];
        var need = $"gate_{mark}(x, {topic + 11})";
        return ($"def run(x):\n    return {need}\n", need);
    }

    private static string TaskOf(int topic, int round) => string.Format(CultureInfo.InvariantCulture, Phrases[(round * 7 + topic) % Phrases.Length], Topics[topic]);

    private static void Print(string what, Figures figures) => TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"""
        {what}: {Topics.Length} topics x {Rounds} rounds; code given with one of {GivenEvery} tasks; at most two examples a prompt
          success in the first half {figures.FirstHalf:P1}, in the second {figures.SecondHalf:P1}; result shows a pattern in {figures.Reuse.Share:P1} of the successes
          with memory {figures.Lift.WithMemory.Count}/{figures.Lift.WithMemory.All}, withheld {figures.Lift.Withheld.Count}/{figures.Lift.Withheld.All}, lift {figures.Lift.Difference:P1} [{figures.Lift.Low:P1}, {figures.Lift.High:P1}]
        """));

    private sealed record Figures(double FirstHalf, double SecondHalf, Lift Lift, Proportion Reuse);
}

/// <summary>The simulation on SQLite.</summary>
public sealed class SqliteLearningSimulation : LearningSimulationSpec
{
    protected override StoreUnderTest MakeStore() => SqliteStore.Make();
}

/// <summary>The simulation on PostgreSQL.</summary>
public sealed class PostgreSqlLearningSimulation : LearningSimulationSpec
{
    protected override StoreUnderTest MakeStore() => PostgreSqlStore.Make();
}
