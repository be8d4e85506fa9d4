using System.Globalization;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// What an experiment says: the bandit allocates, and a winner is only named by evidence that holds at every look, after a minimum of trials, while the sample
/// ratio is in order, and never for an arm whose guard events are credibly more than the control's.
/// </summary>
internal static class ExperimentVerdict
{
    private const double MismatchAlarm = 0.01;
    private const double GuardAlarm = 0.05;

    /// <summary>How an experiment stands.</summary>
    public static Experiment Of(ExperimentRow row, IReadOnlyList<ArmRow> arms)
    {
        var chances = row.State == ExperimentWords.Running ? Chances(row, arms) : null;
        var mismatch = Mismatch(row, arms);
        var found = new Experiment
        {
            Id = row.Id,
            Name = row.Name,
            Kind = row.Kind,
            State = row.State,
            Allocation = row.Allocation,
            Unit = row.Unit,
            Metric = row.Metric,
            Minimum = row.Minimum,
            Alpha = row.Alpha,
            CreatedMs = row.CreatedMs,
            Simulated = row.Simulated != 0,
            HalfLife = row.HalfLife,
            PValue = EvidenceValue.PValue(EvidenceValue.Different([.. arms.Select(a => a.Counts)])),
            SampleRatioP = mismatch ?? 1,
            SampleRatioOk = mismatch is null or >= MismatchAlarm,
        };
        found.Arms.AddRange(arms.Select((arm, i) => Arm(row, arms[0], arm, chances?[i] ?? 0)));
        found.Winner = Winner(row, arms, found, mismatch) ?? "";
        return found;
    }

    /// <summary>Chance of each arm to get the next trial.</summary>
    public static double[] Chances(ExperimentRow row, IReadOnlyList<ArmRow> arms) => row.Allocation == ExperimentWords.Split
        ? [.. arms.Select(a => a.Weight)]
        : ThompsonSampler.Waiting(row, arms) is { } waiting ? [.. arms.Select(a => a == waiting ? 1.0 : 0.0)]
        : ThompsonSampler.Chances(ThompsonSampler.Beliefs(arms));

    private static ExperimentArm Arm(ExperimentRow row, ArmRow control, ArmRow arm, double chance)
    {
        var (successes, trials) = arm.Counts;
        var (low, high) = EvidenceValue.Interval(successes, trials, row.Alpha);
        return new ExperimentArm
        {
            Name = arm.Name,
            Content = arm.Content,
            Assigned = arm.Assigned,
            Trials = trials,
            Successes = successes,
            Guards = arm.Guards,
            Rate = trials == 0 ? 0 : (double)successes / trials,
            RateLow = low,
            RateHigh = high,
            Probability = chance,
            GuardOk = GuardHolds(control, arm),
        };
    }

    private static bool GuardHolds(ArmRow control, ArmRow arm)
    {
        if (arm.Ordinal == control.Ordinal || Rate(arm.GuardCounts) <= Rate(control.GuardCounts))
            return true;
        return EvidenceValue.PValue(EvidenceValue.Different([control.GuardCounts, arm.GuardCounts])) > GuardAlarm;
    }

    /// <summary>P-value of trials arriving as assigned; null when that cannot be looked at.</summary>
    private static double? Mismatch(ExperimentRow row, IReadOnlyList<ArmRow> arms)
    {
        var (trials, assigned) = (arms.Sum(a => a.Trials), arms.Sum(a => a.Assigned));
        // Posts were split, and how many readers a feed gives each of them says nothing about how they were split.
        if (OverImpressionsOfPosts(row))
            return row.Allocation != ExperimentWords.Split || assigned == 0 ? null : EvidenceValue.PValue(EvidenceValue.Mismatch([.. arms.Select(a => (a.Assigned, a.Weight))]));
        if (row.Allocation == ExperimentWords.Split)
            return EvidenceValue.PValue(EvidenceValue.Mismatch([.. arms.Select(a => (a.Trials, a.Weight))]));
        // Only when each assignment is one trial do the two counts compare.
        return assigned == 0 || trials > assigned || arms.Any(a => a.Assigned == 0 && a.Trials > 0)
            ? null
            : EvidenceValue.PValue(EvidenceValue.Mismatch([.. arms.Where(a => a.Assigned > 0).Select(a => (a.Trials, (double)a.Assigned / assigned))]));
    }

    private static string? Winner(ExperimentRow row, IReadOnlyList<ArmRow> arms, Experiment found, double? mismatch)
    {
        if (mismatch is null)
            found.Reasons.Add("The sample ratio is unchecked: results do not come one for one from assignments.");
        if (OverImpressionsOfPosts(row) && arms.Any(a => a.Trials > 0))
            found.Reasons.Add("Impressions of one post hang together and are counted here as independent trials, which makes evidence look stronger than it is; unit 'post' counts each post once.");
        foreach (var arm in arms.Where(a => a.Trials < row.Minimum))
            found.Reasons.Add(Line($"Arm '{arm.Name}' has {arm.Trials} of the {row.Minimum} trials it needs."));
        if (!found.SampleRatioOk)
            found.Reasons.Add(Line($"Trials did not arrive as they were assigned (p {found.SampleRatioP:G2}): find out why before trusting any rate."));
        var best = arms.MaxBy(a => Rate(a.Counts))!;
        var pairs = arms.Count * (arms.Count - 1) / 2;
        var weakest = arms.Where(a => a != best).Max(a => EvidenceValue.PValue(Different(row, best, a)) * pairs);
        if (weakest > row.Alpha)
            found.Reasons.Add(Line($"No arm is credibly ahead of every other: '{best.Name}' leads with p {Math.Min(1, weakest):G2} and needs {row.Alpha}."));
        else if (!found.Arms[(int)best.Ordinal].GuardOk)
            found.Reasons.Add(Line($"Arm '{best.Name}' has credibly more guard events than '{arms[0].Name}' and cannot win."));
        if (weakest > row.Alpha || !found.SampleRatioOk || arms.Any(a => a.Trials < row.Minimum) || !found.Arms[(int)best.Ordinal].GuardOk)
            return null;
        found.Reasons.Add(Line($"Arm '{best.Name}' is ahead of every other (always-valid p {weakest:G2}, corrected for {pairs} pairs)."));
        return best.Name;
    }

    private static bool OverImpressionsOfPosts(ExperimentRow row) => row.Kind != ExperimentWords.Text && row.Unit == ExperimentWords.Impression;

    private static double Different(ExperimentRow row, ArmRow a, ArmRow b) => row.Allocation == ExperimentWords.Split && !OverImpressionsOfPosts(row)
        ? EvidenceValue.DifferentOfSplit((a.Counts.Successes, a.Counts.Trials, a.Weight), (b.Counts.Successes, b.Counts.Trials, b.Weight))
        : EvidenceValue.Different([a.Counts, b.Counts]);

    private static double Rate((long Successes, long Trials) counts) => counts.Trials == 0 ? 0 : (double)counts.Successes / counts.Trials;

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
