using System.Diagnostics;
using System.Globalization;
using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>
/// Breaks right Python and JavaScript programs and fixes them by rule, as <see cref="FixRows"/> does with C#.
/// <c>fixes-scripts python|javascript [--per-kind N] [--seed S] [--kind TEXT] [--part K/N] [--show] [--markdown]</c>
/// </summary>
internal static class ScriptRows
{
    private static readonly TestRunner Runner = new(new SandboxOptions());
    private static readonly CodeValidator Validator = new(new ValidationOptions());

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.FirstOrDefault() is not ("python" or "javascript"))
        {
            Console.Error.WriteLine("usage: fixes-scripts python|javascript [--per-kind N] [--seed S] [--kind TEXT] [--part K/N] [--show] [--markdown]");
            return 2;
        }
        var python = args[0] == "python";
        var count = int.Parse(FixRows.Value(args, "--per-kind") ?? "4", CultureInfo.InvariantCulture);
        var seed = int.Parse(FixRows.Value(args, "--seed") ?? "1", CultureInfo.InvariantCulture);
        var programs = ScriptProgram.All(args[0]).ToList();
        foreach (var program in programs)
        {
            if (!await PassesAsync(program, program.Code))
                Console.Error.WriteLine($"fixes-scripts: {program.Name} does not pass its own tests");
        }
        var kinds = FixRows.Part((python ? ScriptMutators.Python : ScriptMutators.JavaScript).Where(m => FixRows.Value(args, "--kind") is not { } only || m.Kind.Contains(only, StringComparison.Ordinal)), FixRows.Value(args, "--part"));
        await new FixEngine(Validator).FixAsync(new FixRequest([programs[0].With(programs[0].Code.Replace("(", "", StringComparison.Ordinal))]), default);
        var cases = new List<FixCase>();
        foreach (var mutator in kinds)
        {
            var random = new Random(mutator.Kind.Aggregate(seed, (hash, c) => unchecked((hash * 31) + c)));
            var found = 0;
            foreach (var program in programs.OrderBy(_ => random.Next()).ToList())
            {
                if (found == count)
                    break;
                // What still passes is no break.
                foreach (var text in mutator.Break(program.Code, random).Where(t => t != program.Code).Take(1))
                {
                    if (await PassesAsync(program, text))
                        continue;
                    found++;
                    var done = await FixAsync(mutator.Kind, program, text);
                    cases.Add(done);
                    Console.Error.WriteLine($"fixes-scripts: {cases.Count(c => c.Passes)} of {cases.Count} pass, last {mutator.Kind}");
                    if (args.Contains("--show") && !done.Passes)
                        Show(program, text, done);
                }
            }
        }
        FixTable.Print(cases, args.Contains("--markdown"), python ? "Python" : "JavaScript");
        return 0;
    }

    private static async Task<bool> PassesAsync(ScriptProgram program, string text) =>
        (await Runner.RunAsync(new TestRun(program.Language, [program.With(text)], [program.TestFile], new TestLimits { Time = TimeSpan.FromSeconds(20) }), default)).Outcome == TestOutcome.Passed;

    private static async Task<FixCase> FixAsync(string kind, ScriptProgram program, string text)
    {
        var (clock, work) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var blind = await new FixEngine(Validator).FixAsync(new FixRequest([program.With(text)]), default);
        var (ms, cpu) = (clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - work).TotalMilliseconds);
        var passes = await PassesAsync(program, blind.Files[0].Text);
        var done = new FixCase(kind, ms, cpu, blind.Candidates, blind.ErrorsAfter == 0, passes, blind.ErrorsAfter == 0, passes, blind);
        if (passes)
            return done;
        var tested = await new FixEngine(Validator, Runner).FixAsync(new FixRequest([program.With(text)]) { Tests = [program.TestFile] }, default);
        return done with { Compiles = tested.ErrorsAfter == 0, Passes = tested.Fixed, Result = tested };
    }

    private static void Show(ScriptProgram program, string broken, FixCase done)
    {
        Console.WriteLine($"--- {done.Kind} in {program.Name}: own {done.OwnCompiles}, {done.Ms:F0} ms, {done.Candidates} candidates");
        Console.WriteLine(UnifiedDiff.Of("break", program.Code, broken));
        foreach (var step in done.Result.Steps)
            Console.WriteLine($"    > {step.Error} => {step.Fix}");
        if (done.Result.Tests is { } tests)
            Console.WriteLine($"    tests: {tests.Outcome} {tests.Reason} {tests.Cases.FirstOrDefault(c => !c.Passed)?.Message}");
    }
}
