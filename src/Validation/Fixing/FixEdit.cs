namespace Platform.Validation;

/// <summary>What an edit changes in one text: the characters between the common start and the common end.</summary>
/// <param name="Start">First changed character.</param>
/// <param name="End">Behind the last changed character of the old text.</param>
/// <param name="Text">What stands there instead.</param>
internal readonly record struct FixEdit(int Start, int End, string Text)
{
    /// <summary>The edit between two texts.</summary>
    public static FixEdit Between(string before, string after)
    {
        var start = before.AsSpan().CommonPrefixLength(after);
        var most = Math.Min(before.Length, after.Length) - start;
        var end = 0;
        while (end < most && before[^(end + 1)] == after[^(end + 1)])
            end++;
        return new FixEdit(start, before.Length - end, after[start..(after.Length - end)]);
    }

    /// <summary>True when the edits keep apart: neither touches the other's characters.</summary>
    public bool IsApart(FixEdit other) => End < other.Start || other.End < Start;

    /// <summary>The text with several edits that keep apart.</summary>
    public static string Apply(string text, IEnumerable<FixEdit> edits) =>
        edits.OrderByDescending(e => e.Start).Aggregate(text, (t, e) => string.Concat(t.AsSpan(0, e.Start), e.Text, t.AsSpan(e.End)));
}
