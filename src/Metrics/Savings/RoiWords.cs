using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>Says in words what the figures rest on.</summary>
internal static class RoiWords
{
    /// <summary>One sentence an input.</summary>
    public static IEnumerable<string> Of(Roi roi)
    {
        yield return Line(roi.BaselineSource, $"A task without the platform takes {N(roi.BaselineSeconds)} s",
            $"the mean of {roi.BaselineJobs} succeeded jobs that the traditional approach's own engine answered{Interval(roi)}; languages and tests weigh as among the platform's jobs, of which they cover {N(Math.Round(100 * roi.BaselineCovered, 1))}%; whether their tasks were as hard is unchecked",
            (roi.BaselineUnlike > 0 ? $"{roi.BaselineUnlike} jobs of the traditional approach were of other languages, or had tests where the platform's jobs had none; " : "") + "set Metrics:Roi:BaselineSeconds or run jobs of the traditional approach on an engine of its own to measure it");
        yield return Line(roi.ActualSource, $"A task with the platform takes {N(roi.ActualSeconds)} s",
            $"the mean of {roi.Jobs} succeeded jobs of the other approaches, {N(roi.WaitingSeconds)} s of it waiting in the queue", "run jobs to measure it");
        yield return FormattableString.Invariant($"{roi.Rate:0.##} US dollars an hour; {roi.People:0.##} {(roi.People == 1 ? "person" : "people")} with {roi.TasksPerPerson:0.##} tasks a day each make {roi.TasksPerDay:0.##} tasks a day; 5 days a week, 22 a month, 260 a year.");
        yield return $"Reading and judging an answer takes {N(roi.ReviewSeconds)} s, changing a line {N(roi.LineSeconds)} s (assumed: set Metrics:Roi:ReviewSeconds and LineSeconds).";
        if (roi.Simulated)
            yield return "These jobs were simulated: the figures show how the reckoning works, not what was saved.";
    }

    private static string Interval(Roi roi) => roi.BaselineHigh > 0 ? $", 95% between {N(roi.BaselineLow)} s and {N(roi.BaselineHigh)} s by bootstrap" : "";

    private static string Line(string source, string what, string measured, string otherwise) => source switch
    {
        "given" => $"{what} (given).",
        "measured" => $"{what} (measured: {measured}).",
        _ => $"{what} (assumed: {otherwise}).",
    };

    private static string N(double value) => RoiReckoning.Number(value);
}
