using System.Text;
using DiffPlex;

namespace Platform.Validation;

/// <summary>Renders changes as a unified diff that <c>patch</c> and <c>git apply</c> accept.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The diff of all files whose text changed; files are matched by position.</summary>
    public static string Of(IReadOnlyList<SourceFile> before, IReadOnlyList<SourceFile> after) =>
        string.Concat(before.Zip(after).Where(p => p.First.Text != p.Second.Text).Select(p => Of(p.Second.Path, p.First.Text, p.Second.Text)));

    /// <summary>The diff of one file; empty when the texts are equal.</summary>
    public static string Of(string path, string before, string after)
    {
        var diff = new Differ().CreateCustomDiffs(before, after, false, Split);
        if (diff.DiffBlocks.Count == 0)
            return "";
        var text = new StringBuilder($"--- a/{path}\n+++ b/{path}\n");
        for (var i = 0; i < diff.DiffBlocks.Count;)
        {
            var end = i + 1;
            while (end < diff.DiffBlocks.Count && diff.DiffBlocks[end].DeleteStartA - (diff.DiffBlocks[end - 1].DeleteStartA + diff.DiffBlocks[end - 1].DeleteCountA) <= 2 * Context)
                end++;
            Hunk(text, diff.PiecesOld, diff.PiecesNew, [.. diff.DiffBlocks.Skip(i).Take(end - i)]);
            i = end;
        }
        return text.ToString();
    }

    /// <summary>How big an edit is: characters between the common start and the common end, on the longer side; white space is free.</summary>
    internal static int EditSize(string before, string after)
    {
        var shorter = Math.Min(before.Length, after.Length);
        var start = before.AsSpan().CommonPrefixLength(after);
        var end = 0;
        while (end < shorter - start && before[^(end + 1)] == after[^(end + 1)])
            end++;
        return Math.Max(Weight(before.AsSpan()[start..^end]), Weight(after.AsSpan()[start..^end]));
    }

    private static int Weight(ReadOnlySpan<char> text)
    {
        var weight = 0;
        foreach (var c in text)
            weight += char.IsWhiteSpace(c) ? 0 : 1;
        return weight;
    }

    private static string[] Split(string text)
    {
        var lines = text.Split('\n').Select(l => l + "\n").ToArray();
        lines[^1] = lines[^1][..^1];
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static void Hunk(StringBuilder text, IReadOnlyList<string> old, IReadOnlyList<string> @new, IReadOnlyList<DiffPlex.Model.DiffBlock> blocks)
    {
        var (first, last) = (blocks[0], blocks[^1]);
        var lead = Math.Min(Context, first.DeleteStartA);
        var (startA, startB) = (first.DeleteStartA - lead, first.InsertStartB - lead);
        var tail = Math.Min(Context, old.Count - (last.DeleteStartA + last.DeleteCountA));
        var (countA, countB) = (last.DeleteStartA + last.DeleteCountA + tail - startA, last.InsertStartB + last.InsertCountB + tail - startB);
        text.Append($"@@ -{Range(startA, countA)} +{Range(startB, countB)} @@\n");
        var at = startA;
        foreach (var block in blocks)
        {
            Lines(text, ' ', old, at, block.DeleteStartA);
            Lines(text, '-', old, block.DeleteStartA, block.DeleteStartA + block.DeleteCountA);
            Lines(text, '+', @new, block.InsertStartB, block.InsertStartB + block.InsertCountB);
            at = block.DeleteStartA + block.DeleteCountA;
        }
        Lines(text, ' ', old, at, at + tail);
    }

    // An empty side is counted from the line before it.
    private static string Range(int start, int count) => $"{(count == 0 ? start : start + 1)},{count}";

    private static void Lines(StringBuilder text, char mark, IReadOnlyList<string> lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            text.Append(mark).Append(lines[i]);
            if (!lines[i].EndsWith('\n'))
                text.Append("\n\\ No newline at end of file\n");
        }
    }
}
