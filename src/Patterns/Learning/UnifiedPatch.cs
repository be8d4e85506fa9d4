using System.Globalization;
using System.Text.RegularExpressions;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Applies a unified diff to the files it was made of. A hunk whose lines are not there, at its place or near it, makes the whole diff unusable: half an edit teaches the wrong thing.</summary>
internal static partial class UnifiedPatch
{
    private const int MostLines = 20_000;
    private const int Drift = 200;

    /// <summary>The files after the edit; null when the diff does not fit them or changes nothing.</summary>
    public static IReadOnlyList<SourceFile>? Apply(IReadOnlyList<SourceFile> files, string diff)
    {
        var text = diff.ReplaceLineEndings("\n");
        var lines = (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        if (lines.Length > MostLines)
            return null;
        var texts = files.Select(f => f.Text.ReplaceLineEndings("\n").Split('\n').ToList()).ToList();
        var (current, shift, changed) = (files.Count == 1 ? 0 : -1, 0, false);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("+++ ", StringComparison.Ordinal))
            {
                current = IndexOf(files, lines[i][4..].Split('\t')[0].Trim());
                shift = 0;
            }
            else if (Head().Match(lines[i]) is { Success: true } head)
            {
                if (current < 0 || Hunk(lines, i + 1, Count(head.Groups["old"]), Count(head.Groups["new"])) is not { } hunk || Place(texts[current], hunk.Old, int.Parse(head.Groups["line"].ValueSpan, CultureInfo.InvariantCulture) - (hunk.Old.Count == 0 ? 0 : 1) + shift) is not { } at)
                    return null;
                texts[current].RemoveRange(at, hunk.Old.Count);
                texts[current].InsertRange(at, hunk.New);
                shift += hunk.New.Count - hunk.Old.Count;
                changed |= !hunk.Old.SequenceEqual(hunk.New, StringComparer.Ordinal);
                i = hunk.End - 1;
            }
        }

        return changed ? [.. files.Select((f, i) => new SourceFile { Path = f.Path, Language = f.Language, Text = string.Join('\n', texts[i]) })] : null;
    }

    /// <summary>The one file of a result need not be called alike; of several the name decides.</summary>
    private static int IndexOf(IReadOnlyList<SourceFile> files, string path)
    {
        if (files.Count == 1)
            return 0;
        var bare = path.StartsWith("b/", StringComparison.Ordinal) ? path[2..] : path;
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i].Path == bare || files[i].Path == path)
                return i;
        }

        return -1;
    }

    /// <summary>Lines that a hunk's head promises; none written means one.</summary>
    private static int Count(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 1;

    /// <summary>As many lines as the head promises; null when there are others. Editors strip the blank that an empty line begins with.</summary>
    private static (List<string> Old, List<string> New, int End)? Hunk(string[] lines, int from, int oldCount, int newCount)
    {
        var (old, made, at) = (new List<string>(), new List<string>(), from);
        for (; old.Count < oldCount || made.Count < newCount; at++)
        {
            if (at >= lines.Length)
                return null;
            var (mark, text) = lines[at].Length == 0 ? (' ', "") : (lines[at][0], lines[at][1..]);
            if (mark is not (' ' or '-' or '+' or '\\'))
                return null;
            if (mark is ' ' or '-')
                old.Add(text);
            if (mark is ' ' or '+')
                made.Add(text);
        }

        return old.Count == oldCount && made.Count == newCount ? (old, made, at) : null;
    }

    /// <summary>Where the old lines stand: at the place, or as near to it as they do.</summary>
    private static int? Place(List<string> text, List<string> old, int at)
    {
        for (var away = 0; away <= Drift; away++)
        {
            foreach (var place in new[] { at + away, at - away })
            {
                if (place >= 0 && place + old.Count <= text.Count && old.Select((line, i) => line == text[place + i]).All(same => same))
                    return place;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^@@ -(?<line>[0-9]{1,7})(,(?<old>[0-9]{1,7}))? \+[0-9]{1,7}(,(?<new>[0-9]{1,7}))? @@", RegexOptions.NonBacktracking)]
    private static partial Regex Head();
}
