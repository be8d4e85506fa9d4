namespace Platform.Validation;

/// <summary>
/// Judges a step by what it leaves. Errors are of three kinds that hide each other: while the parser cannot read a file, errors of meaning say little, and while the files do not compile
/// alone, nothing is known of their tests. So they are compared in this order, and never one kind with another.
/// </summary>
internal static class FixProgress
{
    // Fixing an error may uncover others behind it (a resolved type shows its misspelt members), but not many.
    private const int MostUncovered = 5;
    private const int MostSideways = 3;
    private const double SidewaysPenalty = 2;

    /// <summary>The state that a step leads to, with its faults; null when the step leads nowhere. Forward tells whether a cause is gone.</summary>
    public static FixState? After(FixState before, FixState next, FaultList faults, string path, CodeDiagnostic error, out bool forward)
    {
        forward = false;
        next = next with { Faults = faults };
        if (faults.Count == 0)
        {
            forward = true;
            return next;
        }
        // Files that now compile alone are a step forward whatever the tests say of them.
        if (faults.WithTests != before.Faults.WithTests)
        {
            forward = faults.WithTests;
            return forward ? next : Breaks(before, next);
        }
        // What the parser could not read hid what stood there: whatever is uncovered, reading more is a step forward.
        if (faults.Unread != before.Faults.Unread)
        {
            forward = faults.Unread < before.Faults.Unread;
            return forward ? next : IsUnread(before, error) && !faults.Has(path, error) ? Sideways(before, next) : null;
        }
        if (faults.Distinct < before.Faults.Distinct)
        {
            forward = true;
            return next;
        }
        if (faults.Count < before.Faults.Count && faults.Distinct == before.Faults.Distinct)
            return next;
        return !faults.Has(path, error) || IsFurther(before, next, error) ? Sideways(before, next) : null;
    }

    // An edit for the tests' sake that breaks a file may be half of a renaming. It owes what the tests said, which nobody sees while the file is broken.
    private static FixState? Breaks(FixState before, FixState next) =>
        next.Faults is { Distinct: 1, Unread: 0 } ? Sideways(before, next) is { } kept ? kept with { Handicap = kept.Handicap + before.Faults.Weight } : null : null;

    private static FixState? Sideways(FixState before, FixState next) =>
        before.Sideways >= MostSideways || next.Faults.Distinct - before.Faults.Distinct > MostUncovered ? null
        : next with { Sideways = before.Sideways + 1, Handicap = SidewaysPenalty * (before.Sideways + 1) };

    private static bool IsUnread(FixState state, CodeDiagnostic error) => state.Faults.Faults.Take(state.Faults.Unread).Any(f => f.Error == error);

    // The parser stops at the same sort of place, further down.
    private static bool IsFurther(FixState before, FixState next, CodeDiagnostic error) =>
        IsUnread(before, error) && before.Faults.Faults[0] is var old && next.Faults.Faults[0] is var now && old.Path == now.Path && Left(next, now) < Left(before, old);

    private static int Left(FixState state, (string Path, CodeDiagnostic Error) fault) => state.TextOf(fault.Path).AsSpan().Count('\n') - fault.Error.Line;
}
