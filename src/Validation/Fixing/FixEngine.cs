namespace Platform.Validation;

/// <summary>
/// Fixes files by a bounded best-first search. Each source proposes candidates for the first errors; every candidate is checked again by
/// compiling; the search goes on from where the fewest errors and the smallest edits are, so that several fixes combine. The cheapest way
/// to no error wins, and when tests are given it must pass them too. What is returned never has more errors than what was given.
/// </summary>
public sealed class FixEngine
{
    private readonly CodeValidator validator;
    private readonly ITestRunner? runner;
    private readonly IReadOnlyList<IFixSource> quick;
    private readonly IReadOnlyList<IFixSource> costly;

    /// <summary>An engine that asks <paramref name="before"/> (memory) and the built-in rules, and <paramref name="after"/> (an engine) when those find nothing.</summary>
    public FixEngine(CodeValidator validator, ITestRunner? runner = null, IEnumerable<IFixSource>? before = null, IEnumerable<IFixSource>? after = null)
    {
        this.validator = validator;
        this.runner = runner;
        quick = [.. before ?? [], new RuleFixSource(validator.Options)];
        costly = [.. after ?? []];
    }

    /// <summary>True for a test run whose failure may be mended without an engine: code and tests do not compile together, or a message names what is unknown.</summary>
    public static bool CanActOn(TestReport report) => report.Cases.Count == 0 || RuntimeFaults.In(report).Any();

    /// <summary>Fixes what it can and says what it did; the files come back unchanged when nothing could be verified.</summary>
    /// <exception cref="ArgumentException">The files break a limit of the validator.</exception>
    public Task<FixResult> FixAsync(FixRequest request, CancellationToken token) =>
        new FixSearch(request, new FaultFinder(validator, request.Context), runner, quick, costly).RunAsync(token);
}
