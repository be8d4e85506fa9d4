using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Finds the code in an engine's answer: fenced blocks with or without paths, or a bare answer that is all code.</summary>
public static partial class CodeExtractor
{
    /// <summary>Most files taken from one answer.</summary>
    public const int MaxFiles = 64;

    /// <summary>Most characters of an answer that are looked at (4 Mi).</summary>
    public const int MaxAnswerLength = 4 * 1024 * 1024;

    /// <summary>Extracts the files of an answer. A block that was cut off is reported as truncated and never returned as code.</summary>
    /// <param name="answer">The engine's whole text.</param>
    /// <param name="expectedLanguage">The language asked for, if known: other unnamed blocks (shell commands, sample output) are then left out.</param>
    public static ExtractedCode Extract(string answer, string? expectedLanguage)
    {
        if (answer.Length > MaxAnswerLength)
            return new ExtractedCode([], false, $"The answer has {answer.Length} characters; the limit is {MaxAnswerLength}.");
        var expected = Languages.FromFence(expectedLanguage);
        var fences = FenceScanner.Scan(answer);
        if (fences.Count == 0)
            return WithoutFence(answer, expected);
        var truncated = !fences[^1].Closed;
        var blocks = fences.Where(f => f.Closed && f.Text.Trim().Length > 0).Select(f => Block.Of(f)).ToList();
        var chosen = Choose(blocks, expected);
        var files = Name(Latest(chosen), expected, out var problem);
        if (truncated)
            problem = "The last code block is not closed: the answer was cut off.";
        else if (files.Count == 0)
            problem ??= expected is null ? "The answer holds no code block." : $"The answer holds no {expected} block.";
        return new ExtractedCode(files, truncated, problem);
    }

    private static ExtractedCode WithoutFence(string answer, string? expected)
    {
        var text = answer.Trim('\n', '\r').TrimEnd();
        if (text.Length == 0)
            return new ExtractedCode([], false, "The answer is empty.");
        var language = expected ?? BareCode.Guess(text);
        if (language is null || !BareCode.LooksLike(text, language))
            return new ExtractedCode([], false, "The answer is prose without a code block.");
        return new ExtractedCode([new SourceFile("answer" + Languages.ExtensionOf(language), language, text + "\n")], false, null);
    }

    private static List<Block> Choose(List<Block> blocks, string? expected)
    {
        if (expected is null)
        {
            var code = blocks.Where(b => b.Path is not null || b.Language is not (null or "shell" or "text")).ToList();
            return code.Count > 0 ? code : blocks;
        }
        var wanted = blocks.Where(b => b.Language == expected || b.Path is not null).ToList();
        if (wanted.Any(b => b.Language == expected))
            return wanted;
        var unnamed = blocks.Where(b => b.Language is null && BareCode.LooksLike(b.Text, expected)).ToList();
        return unnamed.Count > 0 ? [.. unnamed, .. wanted] : wanted;
    }

    // An engine that corrects itself writes the file again; the last version of a path, or of the same declarations, counts.
    private static List<Block> Latest(List<Block> blocks)
    {
        var kept = new List<Block>();
        foreach (var block in blocks)
        {
            var at = kept.FindIndex(k => k.Path is not null || block.Path is not null
                ? string.Equals(k.Path, block.Path, StringComparison.Ordinal)
                : k.Language == block.Language && block.Declares.Count > 0 && k.Declares.IsSubsetOf(block.Declares) && k.Declares.Count > 0);
            if (at >= 0)
                kept[at] = block;
            else
                kept.Add(block);
        }
        return kept;
    }

    private static List<SourceFile> Name(List<Block> blocks, string? expected, out string? problem)
    {
        problem = blocks.Count > MaxFiles ? $"The answer holds {blocks.Count} files; only the first {MaxFiles} are taken." : null;
        var files = new List<SourceFile>();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var block in blocks.Take(MaxFiles))
        {
            var path = block.Path is null ? null : PathHint.Safe(block.Path);
            if (block.Path is not null && path is null)
                problem = $"The path '{block.Path}' is not a relative path inside the project; the file was renamed.";
            var language = path is not null && Languages.FromPath(path) is not "text" and var byName ? byName : block.Language ?? expected ?? "text";
            for (var n = 1; path is null || !taken.Add(path); n++)
                path = $"answer{(n == 1 ? "" : n)}{Languages.ExtensionOf(language)}";
            files.Add(new SourceFile(path, language, block.Text.TrimEnd() + "\n"));
        }
        return files;
    }

    private sealed record Block(string? Path, string? Language, string Text, HashSet<string> Declares)
    {
        public static Block Of(Fence fence)
        {
            var path = PathHint.Of(fence);
            var language = PathHint.LanguageOf(fence.Info);
            if (path is not null && language is null && Languages.FromPath(path) is not "text" and var byName)
                language = byName;
            var names = Declaration().Matches(fence.Text).Select(m => m.Groups["name"].Value);
            return new Block(path, language, fence.Text, [.. names]);
        }
    }

    [GeneratedRegex("""^(?:export\s+|public\s+|internal\s+|static\s+|sealed\s+|abstract\s+|partial\s+|async\s+|default\s+|pub\s+)*(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?|def|function|func|fn|type|trait)\s+(?<name>\w+)""", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
