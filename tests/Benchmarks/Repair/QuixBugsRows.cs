using Platform.Validation;

namespace Platform.Benchmarks.Repair;

/// <summary>
/// Runs both forms of each program through the runner: the faulty one must fail its tests and the right one must pass them.
/// <c>quixbugs DATA.jsonl</c>; each line <c>{name,buggy,correct,tests}</c>. 1 when one did not.
/// </summary>
internal static class QuixBugsRows
{
    // Several faults are endless loops.
    private static readonly TestLimits Limits = new() { Time = TimeSpan.FromSeconds(10) };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: quixbugs DATA.jsonl; each line {name,buggy,correct,tests}");
            return 2;
        }
        var runner = new TestRunner(new SandboxOptions());
        var programs = QuixBug.Read(args[0]).ToList();
        var tested = programs.Where(p => p.Count > 0).ToList();
        var (caught, right, outcomes) = (0, 0, new List<TestOutcome>());
        foreach (var program in tested)
        {
            var faulty = await runner.RunAsync(program.Run(program.Buggy, Limits), default);
            var good = await runner.RunAsync(program.Run(program.Correct, Limits), default);
            outcomes.Add(faulty.Outcome);
            var isCaught = faulty.Outcome is TestOutcome.Failed or TestOutcome.TimedOut or TestOutcome.Crashed;
            var isRight = good.Outcome == TestOutcome.Passed && good.Passed == program.Count;
            (caught, right) = (caught + (isCaught ? 1 : 0), right + (isRight ? 1 : 0));
            if (!isCaught)
                Console.WriteLine($"  {program.Name}: the faulty form {Say(faulty)}");
            if (!isRight)
                Console.WriteLine($"  {program.Name}: the right form {Say(good)}");
        }
        var how = string.Join(", ", outcomes.GroupBy(o => o).Select(g => $"{g.Count()} {g.Key}"));
        var conditions = $"{tested.Sum(p => p.Count)} calls, each a test; {programs.Count - tested.Count} programs on linked nodes have no tests";
        BenchmarkRow.Of("quixbugs: faulty programs that fail", caught, "programs", "all with tests", tested.Count, $"{how}; {conditions}").Print();
        BenchmarkRow.Of("quixbugs: right programs that pass", right, "programs", "all with tests", tested.Count, conditions).Print();
        return caught == tested.Count && right == tested.Count ? 0 : 1;
    }

    private static string Say(TestReport report) =>
        $"{report.Outcome}: {report.Reason} {report.Cases.FirstOrDefault(c => !c.Passed)?.Message} {report.Output}".Trim();
}
