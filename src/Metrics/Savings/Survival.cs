using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>An answer that somebody accepted, and what became of it.</summary>
public sealed class AcceptedLife
{
    /// <summary>First accepted, in milliseconds since 1970 UTC.</summary>
    public long AcceptedMs { get; set; }

    /// <summary>First edited, rejected or reverted after that; null when it was not.</summary>
    public long? ChangedMs { get; set; }
}

/// <summary>
/// How accepted code ages: of the answers that were accepted at least so long ago, those that nobody edited, rejected or reverted within that time.
/// Answers that are younger say nothing of that age yet and are left out of it.
/// </summary>
internal static class Survival
{
    private const long Hour = 3_600_000, Day = 24 * Hour;
    private static readonly long[] Ages = [Hour, Day, 7 * Day, 30 * Day, 90 * Day];

    /// <summary>One row an age that any answer has reached.</summary>
    public static IEnumerable<SurvivalAge> Of(IReadOnlyList<AcceptedLife> lives, long nowMs)
    {
        foreach (var age in Ages)
        {
            var old = lives.Where(l => nowMs - l.AcceptedMs >= age).ToList();
            if (old.Count > 0)
                yield return new SurvivalAge { AgeMs = age, Accepted = old.Count, Survived = old.Count(l => l.ChangedMs is not { } changed || changed - l.AcceptedMs > age) };
        }
    }
}
