using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>One search for a fix: a queue of states, the most promising first, under one budget of candidates, test runs and time.</summary>
internal sealed class FixSearch(FixRequest request, FaultFinder finder, ITestRunner? runner, IReadOnlyList<IFixSource> quick, IReadOnlyList<IFixSource> costly)
{
    // Later errors often follow from earlier ones; looking at a few keeps one stubborn error from hiding the rest.
    private const int ErrorsPerState = 3;
    // Fixing an error may uncover others behind it (a resolved type shows its misspelt member), but not many.
    private const int MostUncovered = 3;

    // An engine costs time and money: it is asked where the rules got no further, a few times, and the rules mend what it gives.
    private const int CostlyRounds = 3;
    private const int CostlyCandidates = 60;

    private readonly PriorityQueue<Entry, (double, int, int)> open = new();
    private const int MostRejected = 10;
    private readonly List<FixStep> rejected = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> own = [.. request.Files.Select(f => f.Path)];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int allowed = request.MaxCandidates;
    private int candidates;
    private int testRuns;
    private int order;

    public async Task<FixResult> RunAsync(CancellationToken token)
    {
        var start = new FixState(request.Files, await finder.FindAsync(request.Files, request.Tests, token), [], 0);
        Push(start);
        var best = await SearchAsync(start, token);
        for (var round = 0; round < CostlyRounds && costly.Count > 0 && !IsGood(best) && clock.Elapsed < request.Time; round++)
        {
            open.Clear();
            allowed += CostlyCandidates;
            var asked = best.Faults.Count > 0 ? best : best with { Faults = RuntimeFaults.Failure(best) };
            best = await TryAllAsync(asked, new Queue<Proposal>(await ProposeAsync(asked, costly, token)), best, token);
            best = await SearchAsync(best, token);
        }
        if (best.Tests is null && best.Faults.Count == 0)
            best = await TestAsync(best, token);
        return Result(start, best);
    }

    private async Task<FixState> SearchAsync(FixState best, CancellationToken token)
    {
        while (open.TryDequeue(out var entry, out _) && HasBudget)
        {
            var state = entry.State;
            if (entry.Rest is { } rest)
            {
                best = await TryAllAsync(state, rest, best, token);
                continue;
            }
            if (state.Faults.Count == 0)
            {
                state = await TestAsync(state, token);
                best = Better(state, best);
                if (IsDone(state))
                    break;
                if (state.Tests is { Outcome: TestOutcome.Failed or TestOutcome.Crashed or TestOutcome.TimedOut } && state.Steps.Count > 0)
                    Reject(state.Steps[^1]);
                if (RuntimeFaults.Of(state) is not { Count: > 0 } failures)
                    continue;
                state = state with { Faults = failures };
            }
            if (state.Steps.Count < request.MaxSteps)
                best = await TryAllAsync(state, new Queue<Proposal>(await ProposeAsync(state, quick, token)), best, token);
        }
        return best;
    }

    private bool HasBudget => candidates < allowed && clock.Elapsed < request.Time;

    private async Task<FixState> TryAllAsync(FixState state, Queue<Proposal> proposals, FixState best, CancellationToken token)
    {
        while (HasBudget && proposals.TryDequeue(out var proposal))
        {
            if (await TryAsync(state, proposal, token) is not { } next)
                continue;
            best = Better(next, best);
            Push(next);
            // Proposals come cheapest first: none that is still to come beats a clean state that is also cheaper than all open ones.
            // Should its tests fail, the search comes back for the rest.
            if (next.Faults.Count > 0 || open.Peek().State != next)
                continue;
            if (proposals.TryPeek(out var following))
                open.Enqueue(new Entry(state, proposals), (state.Cost + following.Candidate.Cost, state.Size + following.Size, order++));
            break;
        }
        return best;
    }

    private async Task<IEnumerable<Proposal>> ProposeAsync(FixState state, IReadOnlyList<IFixSource> sources, CancellationToken token)
    {
        var found = new List<Proposal>();
        var tests = state.Faults.WithTests ? request.Tests : [];
        foreach (var (path, error) in Chosen(state.Faults.Faults))
        {
            var file = state.Files.Concat(request.Context).Concat(request.Tests).First(f => f.Path == path);
            var context = new FixContext(state.Files, file, error) { Context = request.Context, Tests = tests };
            foreach (var source in sources)
                found.AddRange((await source.ProposeAsync(context, token)).Where(c => own.Contains(c.Path)).Select(c => new Proposal(context, c, source.Name, UnifiedDiff.EditSize(TextOf(state, c.Path), c.Text))));
        }
        return found.OrderBy(f => f.Candidate.Cost).ThenBy(f => f.Size);
    }

    // The first errors, and the first of each other kind: the cause may stand below its consequences.
    private static IEnumerable<(string Path, CodeDiagnostic Error)> Chosen(IReadOnlyList<(string Path, CodeDiagnostic Error)> faults)
    {
        var distinct = faults.DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).ToList();
        return distinct.Take(ErrorsPerState).Concat(distinct.Skip(ErrorsPerState).DistinctBy(f => f.Error.Code).Take(ErrorsPerState)).Distinct();
    }

    private async Task<FixState?> TryAsync(FixState state, Proposal proposal, CancellationToken token)
    {
        var (context, candidate, source, size) = proposal;
        SourceFile[] files = [.. state.Files.Select(f => f.Path == candidate.Path ? f with { Text = LineEndings.Like(f.Text, candidate.Text) } : f)];
        var error = context.Error;
        // What was learned from such a step says it already.
        var meaning = ErrorExplanation.Find(error.Code) is { Source: "table" } known && !candidate.Explanation.Contains(known.Meaning, StringComparison.Ordinal) ? known.Meaning + " " : "";
        var step = new FixStep($"{context.File.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}", candidate.Fix, source, meaning + candidate.Explanation)
        {
            Placeholder = Undone(candidate.Text) is > 0 and var left && left > Undone(TextOf(state, candidate.Path)),
            Code = error.Code,
            Path = candidate.Path,
            Before = TextOf(state, candidate.Path),
            After = files.First(f => f.Path == candidate.Path).Text,
        };
        var next = new FixState(files, state.Faults, [.. state.Steps, step], state.Cost + Math.Max(0.1, candidate.Cost)) { Size = state.Size + size };
        if (!seen.Add(next.Key))
            return null;
        candidates++;
        next = next with { Faults = await finder.FindAsync(files, request.Tests, token) };
        var uncovered = next.Faults.Count - state.Faults.Count;
        // Files that now compile alone are a step forward whatever the tests say of them.
        var forward = uncovered < 0 || (next.Faults.WithTests && !state.Faults.WithTests);
        if (forward || (uncovered <= MostUncovered && !next.Faults.Has(context.File.Path, error)))
            return next;
        // What the rules propose and what does not fit is countless and says nothing; an edit out of memory that fails is worth knowing.
        if (source != RuleFixSource.SourceName)
            Reject(step);
        return null;
    }

    private void Reject(FixStep step)
    {
        if (rejected.Count < MostRejected && !rejected.Contains(step))
            rejected.Add(step);
    }

    private static string TextOf(FixState state, string path) => state.Files.First(f => f.Path == path).Text;

    private async Task<FixState> TestAsync(FixState state, CancellationToken token)
    {
        if (runner is null || request.Tests.Count == 0 || testRuns >= request.MaxTestRuns)
            return state;
        testRuns++;
        // A candidate that never ends must not take the time of those after it.
        var limits = request.Limits.Time > request.Time / 3 ? request.Limits with { Time = request.Time / 3 } : request.Limits;
        var report = await runner.RunAsync(new TestRun(request.Tests[0].Language, [.. state.Files, .. request.Context], request.Tests, limits) { Coverage = request.Coverage }, token);
        // Tests run without packages: what compiled against them and is not compiled there has not failed.
        if (finder.HasReferences && report is { Outcome: TestOutcome.Failed, Cases.Count: 0 })
            report = TestReport.Unchecked("The code uses packages, which are not there when tests run: " + report.Reason);
        return state with { Tests = report };
    }

    private bool IsGood(FixState state) => state.Faults.Count == 0 && IsDone(state) && (request.Tests.Count == 0 || state.Tests is not null);

    // No tests: compiling is all there is to reach. Tests that cannot run will not run for the next candidate either.
    private bool IsDone(FixState state) => request.Tests.Count == 0 || state.Tests is null or { Outcome: TestOutcome.Passed or TestOutcome.Unchecked };

    private void Push(FixState state)
    {
        seen.Add(state.Key);
        open.Enqueue(new Entry(state, null), (state.Priority, state.Size, order++));
    }

    private static FixState Better(FixState a, FixState b) => Rank(a).CompareTo(Rank(b)) < 0 ? a : b;

    // Errors of the files alone, then of files and tests, then how the tests ended, then how many passed, then how bold the edit is, then its size.
    private static (int, int, int, int, double, int) Rank(FixState state)
    {
        var end = state.Tests?.Outcome switch
        {
            TestOutcome.Passed => 0,
            TestOutcome.Failed => 1,
            TestOutcome.Crashed or TestOutcome.TimedOut => 2,
            TestOutcome.Unchecked => 3,
            _ => 4,
        };
        return (state.Faults.Errors, state.Faults.Count, end, -(state.Tests?.Passed ?? 0), state.Cost, state.Size);
    }

    private static int Undone(string text) => Regex.Count(text, "NotImplementedException|NotImplementedError");

    private FixResult Result(FixState start, FixState best)
    {
        var verified = request.Tests.Count == 0 || best.Tests is { Outcome: TestOutcome.Passed };
        var clean = best.Faults.Errors == 0 && (best.Faults.Count == 0 || request.Tests.Count > 0);
        return new FixResult(clean && verified, start.Faults.Errors, best.Faults.Errors, best.Files, UnifiedDiff.Of(request.Files, best.Files), best.Steps, best.Tests)
        {
            Candidates = candidates,
            Rejected = [.. rejected.Except(best.Steps)],
        };
    }

    private sealed record Proposal(FixContext Context, FixCandidate Candidate, string Source, int Size);

    /// <summary>A state to look at, or one whose proposals were left when a clean state was found.</summary>
    private sealed record Entry(FixState State, Queue<Proposal>? Rest);
}
