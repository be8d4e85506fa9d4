namespace Platform.Validation;

/// <summary>
/// Fixes files step by step. For the first error, each source in turn proposes candidates; every candidate is validated, and the one that
/// leaves the fewest errors with the smallest edit is kept. What is returned never has more errors than what was given.
/// </summary>
public sealed class FixEngine
{
    // Later errors often follow from earlier ones; looking at a few keeps one stubborn error from hiding the rest.
    private const int ErrorsPerStep = 3;

    private readonly CodeValidator validator;
    private readonly TestRunner? runner;
    private readonly IReadOnlyList<IFixSource> sources;

    /// <summary>An engine that asks <paramref name="before"/> (memory), then the built-in rules, then <paramref name="after"/> (an engine).</summary>
    public FixEngine(CodeValidator validator, TestRunner? runner = null, IEnumerable<IFixSource>? before = null, IEnumerable<IFixSource>? after = null)
    {
        this.validator = validator;
        this.runner = runner;
        sources = [.. before ?? [], new RuleFixSource(validator.Options), .. after ?? []];
    }

    /// <summary>Fixes what it can and says what it did; the files come back unchanged when nothing could be verified.</summary>
    /// <exception cref="ArgumentException">The files break a limit of the validator.</exception>
    public async Task<FixResult> FixAsync(FixRequest request, CancellationToken token)
    {
        var start = new State(request.Files, await validator.ValidateAsync(request.Files, token), []);
        var (state, best, budget) = (start, start, new Budget(request.MaxCandidates));
        while (state.Errors > 0 && state.Steps.Count < request.MaxSteps && await StepAsync(state, budget, token) is { } next)
        {
            state = next;
            if (state.Errors < best.Errors)
                best = state;
        }
        var tests = await TestAsync(request, best, token);
        var done = best.Errors == 0 && tests is null or { Outcome: TestOutcome.Passed or TestOutcome.Unchecked };
        return new FixResult(done, start.Errors, best.Errors, best.Files, UnifiedDiff.Of(request.Files, best.Files), best.Steps, tests);
    }

    // A step that lowers the number of errors is taken at once. One that only trades its error for another (a resolved type shows
    // the misspelt member behind it) is taken when there is nothing better; only what ends lower than it began is ever returned.
    private async Task<State?> StepAsync(State state, Budget budget, CancellationToken token)
    {
        State? trade = null;
        foreach (var (path, error) in state.Report.Files.SelectMany(f => f.Errors.Select(e => (f.Path, e))).Take(ErrorsPerStep))
        {
            var context = new FixContext(state.Files, state.Files.First(f => f.Path == path), error);
            foreach (var source in sources)
            {
                State? best = null;
                foreach (var candidate in await source.ProposeAsync(context, token))
                {
                    if (!budget.Take())
                        return best ?? trade;
                    var next = await TryAsync(state, context, candidate, source, token);
                    if (next.Errors < state.Errors && next.IsBetterThan(best))
                        best = next;
                    else if (next.Errors == state.Errors && !next.Has(path, error) && !state.Seen.Contains(candidate.Text) && next.IsBetterThan(trade))
                        trade = next;
                }
                if (best is not null)
                    return best;
            }
        }
        return trade;
    }

    private async Task<State> TryAsync(State state, FixContext context, FixCandidate candidate, IFixSource source, CancellationToken token)
    {
        SourceFile[] files = [.. state.Files.Select(f => f.Path == candidate.Path ? f with { Text = candidate.Text } : f)];
        var error = context.Error;
        var step = new FixStep($"{context.File.Path}({error.Line},{error.Column}): {error.Code}: {error.Message}", candidate.Fix, source.Name, candidate.Explanation);
        return new State(files, await validator.ValidateAsync(files, token), [.. state.Steps, step])
        {
            EditSize = UnifiedDiff.EditSize(context.File.Text, candidate.Text),
            Seen = [.. state.Seen, context.File.Text],
        };
    }

    private async Task<TestReport?> TestAsync(FixRequest request, State state, CancellationToken token)
    {
        if (runner is null || request.Tests.Count == 0 || state.Errors > 0)
            return null;
        return await runner.RunAsync(new TestRun(request.Tests[0].Language, state.Files, request.Tests, request.Limits), token);
    }

    private sealed record State(IReadOnlyList<SourceFile> Files, ValidationReport Report, IReadOnlyList<FixStep> Steps)
    {
        public int Errors { get; } = Report.ErrorCount;

        public int EditSize { get; init; }

        public IReadOnlyList<string> Seen { get; init; } = [];

        public bool IsBetterThan(State? other) => other is null || (Errors, EditSize).CompareTo((other.Errors, other.EditSize)) < 0;

        public bool Has(string path, CodeDiagnostic error) =>
            Report.Files.Any(f => f.Path == path && f.Errors.Any(e => e.Code == error.Code && e.Message == error.Message));
    }

    private sealed class Budget(int candidates)
    {
        private int left = candidates;

        public bool Take() => left-- > 0;
    }
}
