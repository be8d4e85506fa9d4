using System.Text;
using System.Text.Json;
using Platform.Benchmarks.Jobs;
using Platform.Contracts;
using Platform.Metrics.Savings;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Savings;

/// <summary>
/// Instructions against mcp against traditional at the Simulator's paces (Cerebras-like 3,000 tokens a second, Claude-like 80), with the same answer, and what
/// the product's own reckoning makes of it. It shows how pace becomes time and money; it says nothing of real engines, and every row says so.
/// </summary>
internal static class Speedup
{
    private const int Tasks = 3;
    private const int Methods = 110;
    private const double Agreement = 0.02;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Command <c>speedup</c>. Fails when the product's reckoning differs from the formulas on the same jobs.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { Script = SimulatorScript.Parse(Script()) });
        await using var system = await BenchmarkSystem.StartAsync(false, EngineSettings.Simulated(simulator.Address), CancellationToken.None);
        await RunAsync(system, Approaches.Instructions, "warm-up");
        var seconds = new Dictionary<string, double>();
        foreach (var approach in new[] { Approaches.Instructions, Approaches.Mcp, Approaches.Traditional })
            seconds[approach] = (await Task.WhenAll(Enumerable.Range(1, Tasks).Select(number => RunAsync(system, approach, $"{number}")))).Average();

        var conditions = FormattableString.Invariant($"simulated: the Simulator's paces (gpt-oss 3,000 tokens/s, Claude 80), an answer of {Code().Length / 4} tokens, {Tasks} tasks an approach at once; {system.Conditions}");
        foreach (var approach in new[] { Approaches.Instructions, Approaches.Mcp })
            Print(approach, seconds[approach], seconds[Approaches.Traditional], conditions);
        return await AgreesAsync(system, conditions) ? 0 : 1;
    }

    private static void Print(string approach, double actual, double baseline, string conditions)
    {
        var saved = RoiFormula.Of(new RoiInputs { BaselineSeconds = baseline, ActualSeconds = actual });
        BenchmarkRow.Of($"simulated: time a task, {approach}", actual, "s", "traditional", baseline, conditions).Print();
        BenchmarkRow.Of($"simulated: time saved a task, {approach}", (double)saved.TimeSavedPerTaskSeconds, "s", "time a task, traditional", baseline, conditions).Print();
        BenchmarkRow.Of($"simulated: speed-up, {approach}", (double)(saved.Speedup ?? 0), "times", "published for real engines",
            approach == Approaches.Mcp ? RoiInputs.PublishedMcpSpeedup : RoiInputs.PublishedInstructionsSpeedup, conditions).Print();
        BenchmarkRow.Of($"simulated: savings, {approach}", (double)saved.DailyUsd, "USD/day", "a year of 260 days", (double)saved.AnnualUsd,
            $"{conditions}; {RoiInputs.DefaultRateUsd} USD/h, {RoiInputs.DefaultTasksPerDay} tasks a day").Print();
    }

    /// <summary>Asks the product what it makes of its own jobs, and reckons the same by hand.</summary>
    private static async Task<bool> AgreesAsync(BenchmarkSystem system, string conditions)
    {
        var jobs = (await system.Jobs.ListJobsAsync(new ListJobsRequest { PageSize = 100 })).Jobs.Where(job => job.State == JobStates.Succeeded).ToList();
        while (((await system.Figures.SummarizeAsync(new SummaryRequest { Simulated = true })).Total?.Jobs ?? 0) < jobs.Count)
            await Task.Delay(Look);
        var roi = await system.Figures.GetRoiAsync(new RoiRequest { Simulated = true });
        var byHand = RoiFormula.Of(new RoiInputs { BaselineSeconds = Mean(jobs, traditional: true), ActualSeconds = Mean(jobs, traditional: false) });
        BenchmarkRow.Of("simulated: time saved a task, as the product reckons it", roi.TimeSavedPerTaskSeconds, "s", "the formula on the same jobs", (double)byHand.TimeSavedPerTaskSeconds, conditions).Print();
        BenchmarkRow.Of("simulated: savings, as the product reckons them", roi.DailyCostSavings, "USD/day", "the formula on the same jobs", (double)byHand.DailyUsd, conditions).Print();
        return roi is { Simulated: true, BaselineSource: "measured" } && Math.Abs((roi.DailyCostSavings / (double)byHand.DailyUsd) - 1) < Agreement;
    }

    private static double Mean(IEnumerable<Job> jobs, bool traditional) =>
        jobs.Where(job => job.Result.Approach == Approaches.Traditional == traditional).Average(job => job.Result.TotalMs) / 1000;

    private static async Task<double> RunAsync(BenchmarkSystem system, string approach, string number)
    {
        var request = new GenerateRequest { Task = $"Write the price list of shop {approach} {number}.", Language = "csharp", Approach = approach, MaxOutputTokens = 16_000 };
        using var call = system.Jobs.Generate(request);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var said = call.ResponseStream.Current;
            if (said.Completed is { } result)
                return result.TotalMs / 1000;
            if (said.Failed is { } failure)
                throw new InvalidOperationException($"{approach}: {failure.Message}");
        }

        throw new InvalidOperationException($"{approach}: the stream ended without a result.");
    }

    /// <summary>The same code whoever is asked; with tools the first turn checks a part of it.</summary>
    private static string Script()
    {
        object text = new { text = $"```csharp path=PriceList.cs\n{Code()}\n```" };
        object tools = new { tools = new[] { new { name = "code_validator", arguments = new { path = "Draft.cs", code = "public static class Draft { public static int One() => 1; }" } } } };
        var rules = Enumerable.Range(1, Tasks)
            .Select(number => new { match = $"price list of shop mcp {number}", @in = "prompt", answers = new[] { tools, text } })
            .Append(new { match = "price list", @in = "prompt", answers = new[] { text } });
        return JsonSerializer.Serialize(new { rules });
    }

    private static string Code()
    {
        var code = new StringBuilder("// simulated\npublic static class PriceList\n{\n");
        for (var i = 0; i < Methods; i++)
            code.Append("    public static decimal Article").Append(i).Append("(int pieces) => pieces * ").Append(i).Append(".95m;\n");
        return code.Append('}').ToString();
    }
}
