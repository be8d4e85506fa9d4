using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>One search for a fix: a queue of states, the most promising first, under one budget of candidates, test runs and time.</summary>
internal sealed class FixSearch(FixRequest request, FaultFinder finder, ITestRunner? runner, IReadOnlyList<IFixSource> quick, IReadOnlyList<IFixSource> costly)
{
    // Later errors often follow from earlier ones; looking at a few keeps one stubborn error from hiding the rest.
    private const int ErrorsPerState = 3;
    private const int PlacesPerState = 4;
    private const int PlaceGap = 2;

    // Behind the first cure of a state only what costs little more is tried before the search goes on from there; the rest waits in the queue.
    private const double NearCost = 0.5;
    private const int NearCandidates = 12;
    // Several errors in one line are mostly one mistake, whose cure must not be passed over for a cure of each.
    private const double LineCost = 2;
    private const int LineCandidates = 60;
    // A state that nothing cures must not use the budget up in one go.
    private const int AtOnce = 40;

    // An engine costs time and money: it is asked where the rules got no further, a few times, and the rules mend what it gives.
    private const int CostlyRounds = 3;
    private const int CostlyCandidates = 60;
    private const int MostRejected = 10;

    private readonly PriorityQueue<Entry, (double, int, int)> open = new();
    private readonly List<FixStep> rejected = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly HashSet<string> own = [.. request.Files.Select(f => f.Path)];
    private readonly SourceFile[] joint = request.TestLanguage == "csharp" ? [.. request.Tests.Where(SuiteBuild.IsOwn)] : [];
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int allowed = request.MaxCandidates;
    private FixState best = null!;
    private int candidates;
    private int testRuns;
    private TimeSpan testing;
    private int order;

    public async Task<FixResult> RunAsync(CancellationToken token)
    {
        var start = new FixState(request.Files, await finder.FindAsync(request.Files, joint, token), [], 0);
        best = start;
        Push(start);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        var left = request.Time - clock.Elapsed;
        limit.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        try
        {
            await SearchAllAsync(limit.Token);
        }
        catch (Exception e) when (limit.IsCancellationRequested && !token.IsCancellationRequested && e is not OutOfMemoryException)
        {
            // The time is over, and whoever was asked says so in a way of its own: the best so far is the answer.
        }
        if (best.Tests is null && best.Faults.Count == 0)
            best = await TestAsync(best, token);
        return Result(start);
    }

    private async Task SearchAllAsync(CancellationToken token)
    {
        await SearchAsync(token);
        for (var round = 0; round < CostlyRounds && costly.Count > 0 && !IsGood(best) && clock.Elapsed < request.Time; round++)
        {
            open.Clear();
            allowed += CostlyCandidates;
            var asked = best.Faults.Count > 0 ? best : best with { Faults = RuntimeFaults.Failure(best) };
            await ExpandAsync(asked, new Queue<Proposal>(await ProposeAsync(asked, costly, token)), token);
            await SearchAsync(token);
        }
    }

    private async Task SearchAsync(CancellationToken token)
    {
        while (open.TryDequeue(out var entry, out _) && HasBudget)
        {
            var state = entry.State;
            if (entry.Rest is { } rest)
            {
                await ExpandAsync(state, rest, token);
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
                await ExpandAsync(state, new Queue<Proposal>(await ProposeAsync(state, quick, token)), token);
        }
    }

    private bool HasBudget => candidates < allowed && clock.Elapsed < request.Time;

    // Tries proposals, cheapest first, until a cause is gone and what costs about as much was tried too. Going on from there finds several mistakes one after the other;
    // trying everything on the first would use the budget up.
    private async Task ExpandAsync(FixState state, Queue<Proposal> proposals, CancellationToken token)
    {
        var cures = new List<(Proposal Proposal, FixState Next)>();
        var clean = false;
        var last = int.MaxValue;
        var begun = candidates;
        var oneLine = state.Faults.Distinct > 1 && state.Faults.Faults.DistinctBy(f => (f.Path, f.Error.Line)).Count() == 1;
        // One mistake mostly gives several messages: at the start the cure that ends most of them is worth looking for.
        var (near, few) = oneLine || (state.Steps.Count == 0 && state.Faults.Distinct > 1) ? (LineCost, LineCandidates) : (NearCost, NearCandidates);
        while (HasBudget && !clean && proposals.TryPeek(out var proposal) && (cures.Count == 0 ? candidates < begun + AtOnce : candidates < last && proposal.Order <= cures[0].Proposal.Order + near))
        {
            proposals.Dequeue();
            var (next, forward) = await TryAsync(state, proposal, token);
            if (next is null)
                continue;
            best = Better(next, best);
            Push(next);
            if (forward && cures.Count == 0)
                last = candidates + few;
            if (forward)
                cures.Add((proposal, next));
            // Proposals come cheapest first: none that is still to come beats a clean state that is also cheaper than all open ones.
            // Should its tests fail, the search comes back for the rest.
            clean = next.Faults.Count == 0 && open.Peek().State == next;
        }
        if (!clean && !oneLine)
            await JoinAsync(state, cures, token);
        if (proposals.TryPeek(out var following))
            open.Enqueue(new Entry(state, proposals), (state.Cost + state.Handicap + following.Candidate.Cost + (clean ? 0 : state.Faults.WeightWithoutOne), state.Size + following.Size, order++));
    }

    // Independent mistakes are mended together: the cheapest cure of each error, where the edits keep apart.
    private async Task JoinAsync(FixState state, List<(Proposal Proposal, FixState Next)> cures, CancellationToken token)
    {
        var faulty = cures.Where(c => c.Next.Faults.Count > 0).ToList();
        var parts = new List<(Proposal Proposal, FixState Next, FixEdit Edit)>();
        foreach (var (proposal, left) in faulty.DistinctBy(c => (c.Proposal.Context.File.Path, c.Proposal.Context.Error)))
        {
            var (path, error) = (proposal.Context.File.Path, proposal.Context.Error);
            var edit = FixEdit.Between(state.TextOf(proposal.Candidate.Path), proposal.Candidate.Text);
            // What an earlier part cured already needs no edit of its own.
            if (parts.TrueForAll(p => p.Next.Faults.Has(path, error) && (p.Proposal.Candidate.Path != proposal.Candidate.Path || p.Edit.IsApart(edit))))
                parts.Add((proposal, left, edit));
        }
        if (parts.Count < 2 || !HasBudget || state.Steps.Count + parts.Count > request.MaxSteps)
            return;
        var next = state;
        foreach (var (part, i) in parts.Select((p, i) => (p.Proposal, i)))
        {
            var text = FixEdit.Apply(state.TextOf(part.Candidate.Path), parts.Take(i + 1).Where(p => p.Proposal.Candidate.Path == part.Candidate.Path).Select(p => p.Edit));
            next = Step(next, part with { Candidate = part.Candidate with { Text = text } });
        }
        if (!seen.Add(next.Key))
            return;
        candidates++;
        var faults = await finder.FindAsync(next.Files, joint, token);
        var fewest = faulty.MinBy(c => c.Next.Priority).Next.Faults;
        if (faults.WithTests == fewest.WithTests && (faults.Unread > fewest.Unread || (faults.Unread == fewest.Unread && faults.Distinct >= fewest.Distinct)))
        {
            // Step by step the same text may be reached yet.
            seen.Remove(next.Key);
            return;
        }
        next = next with { Faults = faults, Handicap = 0, Sideways = 0 };
        best = Better(next, best);
        Push(next);
    }

    private async Task<IEnumerable<Proposal>> ProposeAsync(FixState state, IReadOnlyList<IFixSource> sources, CancellationToken token)
    {
        var found = new List<Proposal>();
        var tests = state.Faults.WithTests ? joint : [];
        foreach (var (path, error) in Chosen(state.Faults))
        {
            var file = state.Files.Concat(request.Context).Concat(request.Tests).First(f => f.Path == path);
            var context = new FixContext(state.Files, file, error) { Context = request.Context, Tests = tests };
            foreach (var source in sources)
                found.AddRange((await source.ProposeAsync(context, token)).Where(c => own.Contains(c.Path)).Select(c => new Proposal(context, c, source.Name, UnifiedDiff.EditSize(state.TextOf(c.Path), c.Text))));
        }
        return found.OrderBy(f => f.Order).ThenBy(f => f.Size);
    }

    // The first errors, and the first of each other kind: the cause may stand below its consequences. Where the parser is lost at several places, the first error of each: the rest follows from it.
    private static IEnumerable<(string Path, CodeDiagnostic Error)> Chosen(FaultList faults)
    {
        var places = new List<(string Path, CodeDiagnostic Error)>();
        var last = 0;
        foreach (var fault in faults.Faults.Take(faults.Unread).OrderBy(f => f.Path, StringComparer.Ordinal).ThenBy(f => f.Error.Line))
        {
            if (places.Count == 0 || places[^1].Path != fault.Path || fault.Error.Line > last + PlaceGap)
                places.Add(fault);
            last = fault.Error.Line;
        }
        if (places.Count > 1)
            return places.Take(PlacesPerState);
        var distinct = faults.Faults.DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).ToList();
        return distinct.Take(ErrorsPerState).Concat(distinct.Skip(ErrorsPerState).DistinctBy(f => f.Error.Code).Take(ErrorsPerState)).Distinct();
    }

    private async Task<(FixState? Next, bool Forward)> TryAsync(FixState state, Proposal proposal, CancellationToken token)
    {
        var next = Step(state, proposal);
        if (!seen.Add(next.Key))
            return (null, false);
        candidates++;
        var faults = await finder.FindAsync(next.Files, joint, token);
        var judged = FixProgress.After(state, next, faults, proposal.Context.File.Path, proposal.Context.Error, out var forward);
        // What the rules propose and what does not fit is countless and says nothing; an edit out of memory that fails is worth knowing.
        if (judged is null && proposal.Source != RuleFixSource.SourceName)
            Reject(next.Steps[^1]);
        return (judged, forward);
    }

    // The state behind an edit, before anybody looked at what it leaves.
    private static FixState Step(FixState state, Proposal proposal)
    {
        var (context, candidate, source, size) = proposal;
        SourceFile[] files = [.. state.Files.Select(f => f.Path == candidate.Path ? f with { Text = LineEndings.Like(f.Text, candidate.Text) } : f)];
        var error = context.Error;
        // What was learned from such a step says it already.
        var meaning = ErrorExplanation.Find(error.Code) is { Source: "table" } known && !candidate.Explanation.Contains(known.Meaning, StringComparison.Ordinal) ? known.Meaning + " " : "";
        var before = state.TextOf(candidate.Path);
        var step = new FixStep($"{context.File.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}", candidate.Fix, source, meaning + candidate.Explanation)
        {
            Placeholder = Undone(candidate.Text) is > 0 and var left && left > Undone(before),
            Invented = candidate.Invented,
            Code = error.Code,
            Path = candidate.Path,
            Before = before,
            After = files.First(f => f.Path == candidate.Path).Text,
        };
        return new FixState(files, state.Faults, [.. state.Steps, step], state.Cost + Math.Max(0.1, candidate.Cost)) { Size = state.Size + size };
    }

    private void Reject(FixStep step)
    {
        if (rejected.Count < MostRejected && !rejected.Contains(step))
            rejected.Add(step);
    }

    private async Task<FixState> TestAsync(FixState state, CancellationToken token)
    {
        // Half of the time is for the tests: the other half finds what they are to judge.
        if (runner is null || request.TestLanguage is not { } language || testRuns >= request.MaxTestRuns || (testRuns > 0 && testing > request.Time / 2))
            return state;
        testRuns++;
        // A candidate that never ends must not take the time of those after it.
        var limits = request.Limits.Time > request.Time / 3 ? request.Limits with { Time = request.Time / 3 } : request.Limits;
        var begun = clock.Elapsed;
        var report = await runner.RunAsync(new TestRun(language, [.. state.Files, .. request.Context], request.Tests, limits) { Coverage = request.Coverage }, token);
        testing += clock.Elapsed - begun;
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

    private FixResult Result(FixState start)
    {
        var passed = best.Tests is { Outcome: TestOutcome.Passed };
        var clean = best.Faults.Errors == 0 && (best.Faults.Count == 0 || request.Tests.Count > 0);
        // A value made up so that the code compiles is the work undone, unless tests say that it is right.
        FixStep[] steps = [.. best.Steps.Select(s => s.Invented && !passed ? s with { Placeholder = true } : s)];
        return new FixResult(clean && (request.Tests.Count == 0 || passed), start.Faults.Errors, best.Faults.Errors, best.Files, UnifiedDiff.Of(request.Files, best.Files), steps, best.Tests)
        {
            Candidates = candidates,
            Rejected = [.. rejected.Except(best.Steps)],
        };
    }

    private sealed record Proposal(FixContext Context, FixCandidate Candidate, string Source, int Size)
    {
        /// <summary>When it is tried: by its cost, and what leaves the parser lost a little later.</summary>
        public double Order => Candidate.Cost + 0.4 * Math.Min(5, Candidate.Unread);
    }

    /// <summary>A state to look at, or one whose proposals were left when a cure was found.</summary>
    private sealed record Entry(FixState State, Queue<Proposal>? Rest);
}
