namespace Platform.Validation;

/// <summary>Whether a change kept what worked: a workspace's own tests before and after it.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="PassedBefore">Number of tests that passed before the change.</param>
/// <param name="Lost">Names of those that do not pass any more, in order.</param>
/// <param name="Reason">Why nothing can be said, or what broke, in one sentence; null when all is kept.</param>
public sealed record Regression(RegressionOutcome Outcome, int PassedBefore, IReadOnlyList<string> Lost, string? Reason)
{
    private const int Named = 5;

    /// <summary>Compares two runs. A test that passed and is not in the second run is lost like one that fails.</summary>
    public static Regression Of(TestReport before, TestReport after)
    {
        var passed = before.Cases.Where(c => c.Passed).Select(c => c.Name).Distinct(StringComparer.Ordinal).ToList();
        if (passed.Count == 0)
            return new Regression(RegressionOutcome.Unchecked, 0, [], before.Outcome == TestOutcome.Unchecked ? before.Reason : "No test of the workspace passed before the change, so none could be lost.");
        if (after.Outcome == TestOutcome.Unchecked && after.Cases.Count == 0)
            return new Regression(RegressionOutcome.Unchecked, passed.Count, [], after.Reason);
        var still = after.Cases.Where(c => c.Passed).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var lost = passed.Where(name => !still.Contains(name)).Order(StringComparer.Ordinal).ToList();
        if (lost.Count == 0)
            return new Regression(RegressionOutcome.Kept, passed.Count, [], null);
        var names = string.Join(", ", lost.Take(Named)) + (lost.Count > Named ? $" and {lost.Count - Named} more" : "");
        var why = after.Cases.FirstOrDefault(c => !c.Passed && lost.Contains(c.Name))?.Message ?? after.Reason;
        return new Regression(RegressionOutcome.Lost, passed.Count, lost, $"{lost.Count} of {passed.Count} tests that passed before do not pass any more: {names}.{(why is null ? "" : " " + why)}");
    }
}

/// <summary>What became of tests that passed.</summary>
public enum RegressionOutcome
{
    /// <summary>All of them still pass.</summary>
    Kept,

    /// <summary>At least one does not.</summary>
    Lost,

    /// <summary>Nothing can be said; the reason says why.</summary>
    Unchecked,
}
