namespace Platform.Inference;

/// <summary>Where the text of a broken answer and the text of the call that writes on meet.</summary>
internal static class Joint
{
    /// <summary>Characters of the new text that are enough to judge the joint.</summary>
    public const int Window = 400;
    private const int ShortestOverlap = 12;
    private const int ShortestBeginning = 24;
    private const int LongestBeginning = 64;
    private const string Fence = "```";

    /// <summary>What to do with the new text.</summary>
    /// <param name="written">What came before the break.</param>
    /// <param name="next">What the next call wrote.</param>
    /// <returns>Whether it began anew, so that the old text goes; else what of it comes after the old text.</returns>
    public static (bool Anew, string Tail) Of(string written, string next)
    {
        var begin = written.TrimStart();
        begin = begin[..Math.Min(LongestBeginning, begin.Length)];
        if (begin.Length >= ShortestBeginning && next.TrimStart().StartsWith(begin, StringComparison.Ordinal))
            return (true, next);
        var tail = InsideFence(written) ? WithoutFence(next) : next;
        for (var length = Math.Min(Math.Min(Window, tail.Length), written.Length); length >= ShortestOverlap; length--)
        {
            if (written.AsSpan().EndsWith(tail.AsSpan(0, length), StringComparison.Ordinal))
                return (false, tail[length..]);
        }

        return (false, tail);
    }

    private static bool InsideFence(string text) =>
        text.Split('\n').Count(line => line.TrimStart().StartsWith(Fence, StringComparison.Ordinal)) % 2 == 1;

    /// <summary>A call that writes on inside a block often opens the block again.</summary>
    private static string WithoutFence(string next)
    {
        var trimmed = next.TrimStart();
        return trimmed.StartsWith(Fence, StringComparison.Ordinal) && trimmed.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end ? trimmed[(end + 1)..] : next;
    }
}

/// <summary>Holds the beginning of a continuation back until the joint can be judged, then passes everything on.</summary>
internal sealed class JointOutlet(string written, JobProgress progress) : ITokenOutlet
{
    private string? held = "";

    public bool Take(string thought, string text)
    {
        progress.Token(thought, reasoning: true);
        if (held is null)
            progress.Token(text, reasoning: false);
        else if ((held += text).Length >= Joint.Window)
            Decide();
        return true;
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        if (held is not null)
            Decide();
    }

    private void Decide()
    {
        var (anew, tail) = Joint.Of(written, held!);
        held = null;
        if (anew)
            progress.Restart("the continuation began anew");
        progress.Token(tail, reasoning: false);
    }
}
