using System.Globalization;

namespace Platform.Benchmarks.Security;

/// <summary>How often a family of rules was right: snippets, and lines within the vulnerable ones.</summary>
internal sealed class RuleScore
{
    private int truePositives;
    private int falseNegatives;
    private int falsePositives;
    private int trueNegatives;
    private int rightLines;
    private int expectedLines;
    private int foundLines;

    /// <summary>Share of vulnerable snippets that were found.</summary>
    public double Recall => Share(truePositives, truePositives + falseNegatives);

    /// <summary>Share of found snippets that are vulnerable.</summary>
    public double Precision => Share(truePositives, truePositives + falsePositives);

    /// <summary>Counts one snippet.</summary>
    /// <param name="expected">Lines with a finding, when it is vulnerable; else null.</param>
    /// <param name="found">Lines on which one of the rules in question was found.</param>
    public void Add(IReadOnlySet<int>? expected, IReadOnlySet<int> found)
    {
        if (expected is null)
        {
            (falsePositives, trueNegatives) = found.Count > 0 ? (falsePositives + 1, trueNegatives) : (falsePositives, trueNegatives + 1);
            return;
        }
        (truePositives, falseNegatives) = found.Count > 0 ? (truePositives + 1, falseNegatives) : (truePositives, falseNegatives + 1);
        rightLines += found.Count(expected.Contains);
        expectedLines += expected.Count;
        foundLines += found.Count;
    }

    /// <summary>Counts everything of another score.</summary>
    public void Add(RuleScore other)
    {
        truePositives += other.truePositives;
        falseNegatives += other.falseNegatives;
        falsePositives += other.falsePositives;
        trueNegatives += other.trueNegatives;
        rightLines += other.rightLines;
        expectedLines += other.expectedLines;
        foundLines += other.foundLines;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"found {truePositives,4} missed {falseNegatives,3} false {falsePositives,3} clean {trueNegatives,4}  precision {Precision:F3} recall {Recall:F3}  lines: precision {Share(rightLines, foundLines):F3} recall {Share(rightLines, expectedLines):F3}");

    private static double Share(int part, int whole) => whole == 0 ? 1 : (double)part / whole;
}
