using System.Diagnostics;

namespace Platform.Validation;

/// <summary>One search for a fix: a queue of states, the most promising first, under one budget of candidates, test runs and time.</summary>
internal sealed class FixSearch(FixRequest request, FaultFinder finder, TestRunner? runner, IReadOnlyList<IFixSource> quick, IReadOnlyList<IFixSource> costly)
{
    // Later errors often follow from earlier ones; looking at a few keeps one stubborn error from hiding the rest.
    private const int ErrorsPerState = 3;
    // Fixing an error may uncover others behind it (a resolved type shows its misspelt member), but not many.
    private const int MostUncovered = 3;

    private readonly PriorityQueue<FixState, (double, int)> open = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> own = [.. request.Files.Select(f => f.Path)];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int candidates;
    private int testRuns;
    private int order;

    public async Task<FixResult> RunAsync(CancellationToken token)
    {
        var start = new FixState(request.Files, await finder.FindAsync(request.Files, request.Tests, token), [], 0);
        var best = start;
        Push(start);
        while (open.TryDequeue(out var state, out _) && HasBudget)
        {
            if (state.Faults.Count == 0)
            {
                state = await TestAsync(state, token);
                best = Better(state, best);
                if (IsDone(state))
                    break;
                if (RuntimeFaults.Of(state) is not { Count: > 0 } failures)
                    continue;
                state = state with { Faults = failures };
            }
            if (state.Steps.Count < request.MaxSteps)
                best = await ExpandAsync(state, best, token);
        }
        if (best.Tests is null && best.Faults.Count == 0)
            best = await TestAsync(best, token);
        return Result(start, best);
    }

    private bool HasBudget => candidates < request.MaxCandidates && clock.Elapsed < request.Time;

    private async Task<FixState> ExpandAsync(FixState state, FixState best, CancellationToken token)
    {
        foreach (var tier in new[] { quick, costly })
        {
            var proposals = await ProposeAsync(state, tier, token);
            foreach (var (context, candidate, source) in proposals)
            {
                if (!HasBudget)
                    return best;
                if (await TryAsync(state, context, candidate, source, token) is not { } next)
                    continue;
                best = Better(next, best);
                Push(next);
                // Proposals come cheapest first: nothing that is still to come can beat a clean state that is also cheaper than all open ones.
                if (next.Faults.Count == 0 && open.Peek() == next)
                    return best;
            }
            if (open.Count > 0)
                break;
        }
        return best;
    }

    private async Task<List<(FixContext Context, FixCandidate Candidate, string Source)>> ProposeAsync(FixState state, IReadOnlyList<IFixSource> sources, CancellationToken token)
    {
        var found = new List<(FixContext, FixCandidate Candidate, string)>();
        var tests = state.Faults.WithTests ? request.Tests : [];
        foreach (var (path, error) in Chosen(state.Faults.Faults))
        {
            var file = state.Files.Concat(request.Tests).First(f => f.Path == path);
            var context = new FixContext(state.Files, file, error) { Tests = tests };
            foreach (var source in sources)
                found.AddRange((await source.ProposeAsync(context, token)).Where(c => own.Contains(c.Path)).Select(c => (context, c, source.Name)));
        }
        return [.. found.OrderBy(f => f.Candidate.Cost)];
    }

    // The first errors, and the first of each other kind: the cause may stand below its consequences.
    private static IEnumerable<(string Path, CodeDiagnostic Error)> Chosen(IReadOnlyList<(string Path, CodeDiagnostic Error)> faults)
    {
        var distinct = faults.DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).ToList();
        return distinct.Take(ErrorsPerState).Concat(distinct.Skip(ErrorsPerState).DistinctBy(f => f.Error.Code).Take(ErrorsPerState)).Distinct();
    }

    private async Task<FixState?> TryAsync(FixState state, FixContext context, FixCandidate candidate, string source, CancellationToken token)
    {
        SourceFile[] files = [.. state.Files.Select(f => f.Path == candidate.Path ? f with { Text = candidate.Text } : f)];
        var error = context.Error;
        var step = new FixStep($"{context.File.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}", candidate.Fix, source, candidate.Explanation);
        var next = new FixState(files, state.Faults, [.. state.Steps, step], state.Cost + Math.Max(0.1, candidate.Cost));
        if (!seen.Add(next.Key))
            return null;
        candidates++;
        next = next with { Faults = await finder.FindAsync(files, request.Tests, token) };
        var uncovered = next.Faults.Count - state.Faults.Count;
        // Files that now compile alone are a step forward whatever the tests say of them.
        var forward = uncovered < 0 || (next.Faults.WithTests && !state.Faults.WithTests);
        return forward || (uncovered <= MostUncovered && !next.Faults.Has(context.File.Path, error)) ? next : null;
    }

    private async Task<FixState> TestAsync(FixState state, CancellationToken token)
    {
        if (runner is null || request.Tests.Count == 0 || testRuns >= request.MaxTestRuns)
            return state;
        testRuns++;
        return state with { Tests = await runner.RunAsync(new TestRun(request.Tests[0].Language, state.Files, request.Tests, request.Limits), token) };
    }

    // No tests: compiling is all there is to reach. Tests that cannot run will not run for the next candidate either.
    private bool IsDone(FixState state) => request.Tests.Count == 0 || state.Tests is null or { Outcome: TestOutcome.Passed or TestOutcome.Unchecked };

    private void Push(FixState state)
    {
        seen.Add(state.Key);
        open.Enqueue(state, (state.Priority, order++));
    }

    private static FixState Better(FixState a, FixState b) => Rank(a).CompareTo(Rank(b)) < 0 ? a : b;

    // Errors of the files alone, then of files and tests, then tests that fail, then the size of the edit.
    private static (int, int, int, double) Rank(FixState state)
    {
        var failing = state.Tests is { Outcome: not TestOutcome.Passed } tests ? Math.Max(1, tests.Failed) : 0;
        var untested = state.Tests is null ? int.MaxValue / 2 : failing;
        return (state.Faults.Errors, state.Faults.Count, untested, state.Cost);
    }

    private FixResult Result(FixState start, FixState best)
    {
        var verified = request.Tests.Count == 0 || best.Tests is { Outcome: TestOutcome.Passed };
        var clean = best.Faults.Errors == 0 && (best.Faults.Count == 0 || request.Tests.Count > 0);
        return new FixResult(clean && verified, start.Faults.Errors, best.Faults.Errors, best.Files, UnifiedDiff.Of(request.Files, best.Files), best.Steps, best.Tests)
        {
            Candidates = candidates,
        };
    }
}
