using System.Text.RegularExpressions;

namespace Platform.Patterns;

/// <summary>Code between definitions - constants, fields, calls of a script - is a chunk too, when it says something: imports, braces and comments alone do not.</summary>
internal static partial class Gaps
{
    /// <summary>Kind of its chunks.</summary>
    public const string Kind = "module";

    private const int LongestLine = 400;

    /// <summary>The chunks in the order of their lines, with what no chunk covers between them.</summary>
    public static List<Chunk> Fill(SourceText source, IReadOnlyList<Chunk> chunks)
    {
        if (chunks.Count == 0)
            return [];
        var all = new List<Chunk>(chunks.Count + 4);
        var next = 0;
        foreach (var chunk in chunks.OrderBy(c => c.StartLine).ThenByDescending(c => c.EndLine))
        {
            Add(source, next, chunk.StartLine - 2, all);
            all.Add(chunk);
            next = Math.Max(next, chunk.EndLine);
        }

        Add(source, next, source.Lines.Count - 1, all);
        return all;
    }

    private static void Add(SourceText source, int from, int to, List<Chunk> all)
    {
        while (from <= to && !SaysSomething(source.Lines[from]) && !IsComment(source.Lines[from]))
            from++;
        while (to >= from && !SaysSomething(source.Lines[to]))
            to--;
        if (from <= to && Enumerable.Range(from, to - from + 1).Any(i => SaysSomething(source.Lines[i])))
            all.Add(Chunk.Of(source, Kind, Path.GetFileNameWithoutExtension(source.Path), source.Lines[from], from, to));
    }

    private static bool SaysSomething(string line) =>
        line.Length <= LongestLine && line.AsSpan().ContainsAnyExcept(" \t{}()[];,") && !IsComment(line) && !Import().IsMatch(line);

    private static bool IsComment(string line) =>
        line.AsSpan().TrimStart() is { Length: > 0 } text && (text[0] is '#' or '*' && !text.StartsWith("#define") || text.StartsWith("//") || text.StartsWith("/*") || text.StartsWith("--"));

    [GeneratedRegex(@"^\s*((import|from|package|using|namespace|use|extern crate|#include|#pragma|#region|#endregion|#if|#endif|#nullable|mod)\b|""[\w./-]+""\s*$|end\s*$|pass\s*$|'use strict'|""use strict"")", RegexOptions.NonBacktracking)]
    private static partial Regex Import();
}
