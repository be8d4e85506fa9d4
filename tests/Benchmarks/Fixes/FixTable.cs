using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>One broken piece of code and what came of it.</summary>
/// <param name="Kind">How it was broken.</param>
/// <param name="Ms">Time of the fix without tests, warm.</param>
/// <param name="CpuMs">Processor time of the same, which says more than <paramref name="Ms"/> on a machine that others use.</param>
/// <param name="Candidates">Candidates that were compiled.</param>
/// <param name="OwnCompiles">Without tests: the file compiles alone.</param>
/// <param name="BlindPasses">Without tests: the result passes them all the same.</param>
/// <param name="Compiles">At best (tests given when it did not pass blind): code and tests compile.</param>
/// <param name="Passes">At best: the tests pass.</param>
/// <param name="Result">The result at best.</param>
internal sealed record FixCase(string Kind, double Ms, double CpuMs, int Candidates, bool OwnCompiles, bool BlindPasses, bool Compiles, bool Passes, FixResult Result);

/// <summary>The table by kind, as text or markdown, and rows for the record.</summary>
internal static class FixTable
{
    public static void Print(List<FixCase> cases, bool markdown, string language)
    {
        if (markdown)
            Console.WriteLine("| kind | cases | compile, no tests given | pass, no tests given | compile, tests given | pass, tests given | median ms | processor ms |\n|---|---|---|---|---|---|---|---|");
        foreach (var kind in cases.GroupBy(c => c.Kind))
            Line(kind.Key, [.. kind], markdown);
        Line("all", cases, markdown);
        var kinds = cases.Select(c => c.Kind).Distinct().Count();
        var conditions = $"{cases.Count} cases of {kinds} kinds, {language}, offline, rules only";
        BenchmarkRow.Of("fixes: compile again", Percent(cases, c => c.Compiles), "%", "goal", 80, conditions).Print();
        BenchmarkRow.Of("fixes: pass their tests, tests given", Percent(cases, c => c.Passes), "%", "goal", 80, conditions).Print();
        BenchmarkRow.Of("fixes: pass their tests, tests not given", Percent(cases, c => c.BlindPasses), "%", "tests given", Percent(cases, c => c.Passes), conditions).Print();
        BenchmarkRow.Of("fixes: median time, warm, tests not given", Median(cases, c => c.Ms), "ms", "goal", 300, conditions).Print();
        BenchmarkRow.Of("fixes: median processor time, warm, tests not given", Median(cases, c => c.CpuMs), "ms", "goal", 300, conditions).Print();
    }

    private static void Line(string kind, List<FixCase> cases, bool markdown)
    {
        int Count(Func<FixCase, bool> which) => cases.Count(which);
        object[] cells = [kind, cases.Count, Count(c => c.OwnCompiles), Count(c => c.BlindPasses), Count(c => c.Compiles), Count(c => c.Passes), $"{Median(cases, c => c.Ms):F0}", $"{Median(cases, c => c.CpuMs):F0}"];
        Console.WriteLine(markdown ? $"| {string.Join(" | ", cells)} |" : $"{cells[0],-34}{cells[1],5}{cells[2],7}{cells[3],7}{cells[4],7}{cells[5],7}{cells[6],8}{cells[7],8}");
    }

    private static double Percent(List<FixCase> cases, Func<FixCase, bool> which) => cases.Count == 0 ? 0 : 100.0 * cases.Count(which) / cases.Count;

    private static double Median(List<FixCase> cases, Func<FixCase, double> what) => cases.Count == 0 ? 0 : cases.Select(what).Order().ElementAt(cases.Count / 2);
}
