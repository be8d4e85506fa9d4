using System.Globalization;

namespace Platform.Benchmarks.Tdd;

/// <summary>
/// The loop of <c>platform tdd</c> over tasks with references: an engine that answers right must succeed at once, and one that first
/// answers wrong in a typical way must be caught and end in success. <c>tdd DATA.jsonl [--take N] [--seed S]</c>; 1 when one did not.
/// </summary>
internal static class TddRows
{
    // A break that the tests do not see breaks nothing they ask for; other places in the same code are tried.
    private const int Rounds = 3;
    private const int SlowOfAKind = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: tdd DATA.jsonl [--take N] [--seed S]; each line {slug,instructions,stub,tests,reference,extra}");
            return 2;
        }
        var tasks = TddTask.Read(args[0]).Take(Number(args, "--take", int.MaxValue)).ToList();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var right = tasks.Select(t => new TddCase(t, null, [TddTask.Answer(t.Reference)])).ToList();
        await TddJobs.RunAsync(right);
        Show(right.Where(c => !c.Succeeded), "the reference does not end in success");
        var (broken, seen) = (new List<TddCase>(), new HashSet<TddTask>());
        for (var round = 0; round < Rounds && seen.Count < tasks.Count; round++)
        {
            var next = Break([.. tasks.Where(t => !seen.Contains(t))], Number(args, "--seed", 1) + round);
            await TddJobs.RunAsync(next);
            broken.AddRange(next);
            seen.UnionWith(next.Where(c => c.Caught).Select(c => c.Task));
        }
        var caught = broken.Where(c => c.Caught).ToList();
        Show(broken.Where(c => !c.Caught), "the tests do not see this break");
        Show(caught.Where(c => !c.Succeeded), "caught, but the loop does not end in success");
        Show(tasks.Except(seen).Select(t => broken.Last(c => c.Task == t)), "no break of this task was seen");
        foreach (var kind in broken.GroupBy(c => c.Kind!).OrderBy(g => g.Key, StringComparer.Ordinal))
            Console.WriteLine($"{kind.Key,-34}{kind.Count(),4} tried {kind.Count(c => c.Caught),4} caught {kind.Count(c => c.Caught && c.Succeeded),4} ended in success  {string.Join(", ", kind.SelectMany(c => c.Attempts.Take(1)).GroupBy(a => a.Outcome).Select(g => $"{g.Count()} {g.Key}"))}");
        return Print(tasks.Count, right, broken, caught, seen.Count, clock.Elapsed) ? 0 : 1;
    }

    private static bool Print(int tasks, List<TddCase> right, List<TddCase> broken, List<TddCase> caught, int seen, TimeSpan took)
    {
        var whole = $"{tasks} tasks, two jobs at a time, embedded, scripted Simulator, {took.TotalSeconds:0} s in all";
        var byRule = caught.Count(c => c.Succeeded && c.Attempts.All(a => a.Source is not "engine" || a.Number == 1));
        var passes = right.Count(c => c.Succeeded);
        BenchmarkRow.Of("tdd: references that pass", passes, "tasks", "all", tasks, $"{right.Count(c => c.Attempts.Count == 1)} at the first attempt, the others after a fix by rule; {whole}").Print();
        BenchmarkRow.Of("tdd: tasks with a break that was caught", seen, "tasks", "all", tasks, $"{broken.Count} breaks of {broken.Select(c => c.Kind).Distinct().Count()} kinds, {broken.Count - caught.Count} of them not seen by the task's own tests; {whole}").Print();
        BenchmarkRow.Of("tdd: caught breaks that end in success", caught.Count(c => c.Succeeded), "jobs", "caught", caught.Count, $"{byRule} by rule without asking again; {whole}").Print();
        BenchmarkRow.Of("tdd: time of a job, reference first, p50", Median(right), "s", "broken first", Median(caught), whole).Print();
        // This process is the host: had a run taken it down, nothing of this would be printed.
        return passes == tasks && seen == tasks && caught.All(c => c.Succeeded);
    }

    private static List<TddCase> Break(List<TddTask> tasks, int seed)
    {
        var random = new Random(seed);
        var (cases, used) = (new List<TddCase>(), TddBreak.All.ToDictionary(b => b.Kind, _ => 0));
        foreach (var task in tasks)
        {
            // The kind that came up least often, of those that this code has a place for.
            var fitting = TddBreak.All.Where(b => !b.IsSlow || used[b.Kind] < SlowOfAKind).OrderBy(b => used[b.Kind]).ThenBy(_ => random.Next());
            var (kind, text) = fitting.Select(b => (b.Kind, Text: b.Of(task.Reference[0].Text, random).FirstOrDefault())).First(b => b.Text is not null);
            used[kind]++;
            cases.Add(new TddCase(task, kind, [TddTask.Answer(task.With(text!)), TddTask.Answer(task.Reference)]));
        }
        return cases;
    }

    private static void Show(IEnumerable<TddCase> cases, string what)
    {
        foreach (var one in cases)
            Console.WriteLine($"  {one.Task.Slug}{(one.Kind is null ? "" : $" ({one.Kind})")}: {what}; {one.Job?.State} {one.Job?.Failure?.Message} {string.Join(" | ", one.Attempts.Select(a => $"{a.Source} {a.Outcome} {a.Error}"))}");
    }

    private static double Median(List<TddCase> cases) => cases.Count == 0 ? 0 : cases.Select(c => c.Seconds).Order().ElementAt(cases.Count / 2);

    private static int Number(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
