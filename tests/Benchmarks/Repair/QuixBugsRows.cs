using Platform.Validation;

namespace Platform.Benchmarks.Repair;

/// <summary>
/// Runs both forms of each program through the runner: the faulty one must fail its tests and the right one must pass them.
/// <c>quixbugs DATA.jsonl</c>; each line <c>{name,buggy,correct,tests}</c>. 1 when one did not.
/// </summary>
internal static class QuixBugsRows
{
    // Ten times what the slowest right form needs alone.
    private static readonly TestLimits Limits = new() { Time = TimeSpan.FromSeconds(30) };
    private const double LeastSeconds = 10;
    private const double MuchLonger = 3;

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
        var (caught, right, left, outcomes) = (0, 0, 0, new List<TestOutcome>());
        foreach (var program in tested)
        {
            var (good, endless) = await RightAsync(runner, program);
            left += endless.Count;
            // Several faults are endless loops: what takes much longer than the right form has failed.
            var limit = Limits with { Time = TimeSpan.FromSeconds(Math.Max(LeastSeconds, MuchLonger * good.Ms / 1000)) };
            var faulty = await runner.RunAsync(program.Run(program.Buggy, limit, endless), default);
            outcomes.Add(faulty.Outcome);
            var isCaught = faulty.Outcome is TestOutcome.Failed or TestOutcome.TimedOut or TestOutcome.Crashed;
            var isRight = good.Outcome == TestOutcome.Passed && good.Passed == program.Count - endless.Count;
            (caught, right) = (caught + (isCaught ? 1 : 0), right + (isRight ? 1 : 0));
            Console.WriteLine($"  {program.Name}: right {good.Outcome} in {good.Ms / 1000:0.0} s, faulty {faulty.Outcome} in {faulty.Ms / 1000:0.0} s of at most {limit.Time.TotalSeconds:0} s");
            foreach (var number in endless)
                Console.WriteLine($"  {program.Name}: case {number} is left out: even the right form, exponential in its input, does not end it within {Limits.Time.TotalSeconds:0} s");
            if (!isCaught)
                Console.WriteLine($"  {program.Name}: the faulty form {Say(faulty)}");
            if (!isRight)
                Console.WriteLine($"  {program.Name}: the right form {Say(good)}");
        }
        var how = string.Join(", ", outcomes.GroupBy(o => o).Select(g => $"{g.Count()} {g.Key}"));
        var conditions = $"{tested.Sum(p => p.Count) - left} calls, each a test, {left} left out; {programs.Count - tested.Count} programs on linked nodes have no tests";
        BenchmarkRow.Of("quixbugs: faulty programs that fail", caught, "programs", "all with tests", tested.Count, $"{how}; {conditions}").Print();
        BenchmarkRow.Of("quixbugs: right programs that pass", right, "programs", "all with tests", tested.Count, conditions).Print();
        return caught == tested.Count && right == tested.Count ? 0 : 1;
    }

    // A case that the right form cannot end tells nothing of the faulty one either.
    private static async Task<(TestReport Report, List<int> Endless)> RightAsync(TestRunner runner, QuixBug program)
    {
        var endless = new List<int>();
        while (true)
        {
            var report = await runner.RunAsync(program.Run(program.Correct, Limits, endless), default);
            var stuck = report.Cases.FirstOrDefault(c => !c.Passed)?.Name ?? "";
            if (report.Outcome != TestOutcome.TimedOut || endless.Count > 0 || !int.TryParse(stuck[(stuck.LastIndexOf('_') + 1)..], out var number))
                return (report, endless);
            endless.Add(number);
        }
    }

    private static string Say(TestReport report) =>
        $"{report.Outcome}: {report.Reason} {report.Cases.FirstOrDefault(c => !c.Passed)?.Message} {report.Output}".Trim();
}
