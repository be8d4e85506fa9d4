using System.Text;
using System.Text.Json;
using System.Xml;

namespace Platform.Validation;

/// <summary>Parses JSON in-process; comments and trailing commas are errors, except in the configuration files that allow them.</summary>
internal sealed class JsonChecker : ISyntaxChecker
{
    private static readonly string[] RelaxedNames = [".eslintrc", ".eslintrc.json", ".babelrc", ".swcrc", ".hintrc", ".jshintrc", "tslint.json", "devcontainer.json", ".devcontainer.json", "deno.json", "api-extractor.json"];
    private static readonly string[] RelaxedStarts = ["tsconfig", "jsconfig", "appsettings"];
    private static readonly string[] RelaxedEnds = [".code-workspace", ".code-snippets", ".jsonc"];
    private static readonly string[] RelaxedFolders = [".vscode", ".devcontainer"];

    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(Check)]);

    /// <summary>Whether the tool that reads a file allows comments and trailing commas in it.</summary>
    private static bool TakesComments(string path)
    {
        var parts = path.Split('/');
        var name = parts[^1];
        return RelaxedNames.Contains(name) || RelaxedStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal)) || RelaxedEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal))
            || parts.SkipLast(1).Any(RelaxedFolders.Contains);
    }

    private static Verdict Check(SourceFile file)
    {
        var relaxed = TakesComments(file.Path);
        var options = new JsonDocumentOptions
        {
            MaxDepth = 256,
            AllowTrailingCommas = relaxed,
            CommentHandling = relaxed ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
        };
        try
        {
            using var document = JsonDocument.Parse(file.Text, options);
            return Verdict.Ok;
        }
        catch (JsonException e)
        {
            var message = e.Message.Split(" LineNumber:")[0];
            return Verdict.Of([new CodeDiagnostic("JsonError", (int)(e.LineNumber ?? -1) + 1, (int)(e.BytePositionInLine ?? -1) + 1, message, Severity.Error)]);
        }
    }
}

/// <summary>Parses XML in-process, without fetching anything a document names.</summary>
internal sealed class XmlChecker : ISyntaxChecker
{
    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(Check)]);

    private static Verdict Check(SourceFile file)
    {
        if (Path.GetExtension(file.Path) is ".html" or ".htm")
            return Verdict.Unchecked("no HTML checker");
        try
        {
            using var reader = XmlReader.Create(new StringReader(file.Text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            while (reader.Read())
            {
            }
            return Verdict.Ok;
        }
        catch (XmlException e)
        {
            return Verdict.Of([new CodeDiagnostic("XmlError", e.LineNumber, e.LinePosition, e.Message, Severity.Error)]);
        }
    }
}

/// <summary>Prose has no syntax to break.</summary>
internal sealed class ProseChecker : ISyntaxChecker
{
    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(_ => Verdict.Ok)]);
}

/// <summary>SQL has no one grammar: open quotes, comments and brackets are errors in every dialect, the rest stays unchecked.</summary>
internal sealed class SqlChecker : ISyntaxChecker
{
    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(f => Problem(f.Text) is { } found
            ? Verdict.Of([found])
            : Verdict.Unchecked("no SQL parser; quotes, comments and brackets are balanced"))]);

    private static CodeDiagnostic? Problem(string text)
    {
        var open = new Stack<int>();
        for (var i = 0; i < text.Length; i++)
        {
            var end = SkipAt(text, i);
            if (end < 0)
                return At(text, i, text[i] == '/' ? "The comment is not closed." : $"The quote {text[i]} is not closed.");
            if (text[i] == '(')
                open.Push(i);
            else if (text[i] == ')' && !open.TryPop(out _))
                return At(text, i, "The bracket ) has no opening one.");
            i = end;
        }
        return open.TryPop(out var left) ? At(text, left, "The bracket ( is not closed.") : null;
    }

    // Index of the last character of the quote or comment that starts here, the index itself when none does, -1 when it never ends.
    private static int SkipAt(string text, int at)
    {
        var c = text[at];
        if (c is '\'' or '"' or '`')
            return text.IndexOf(c, at + 1);
        if (string.CompareOrdinal(text, at, "--", 0, 2) == 0)
            return text.IndexOf('\n', at) is > 0 and var newline ? newline : text.Length - 1;
        if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            return text.IndexOf("*/", at + 2, StringComparison.Ordinal) is > 0 and var close ? close + 1 : -1;
        if (c == '$' && text.IndexOf('$', at + 1) is > 0 and var second && text[(at + 1)..second].All(x => char.IsAsciiLetterOrDigit(x) || x == '_') && !char.IsAsciiDigit(text[Math.Min(at + 1, text.Length - 1)]))
            return text.IndexOf(text[at..(second + 1)], second + 1, StringComparison.Ordinal) is > 0 and var last ? last + second - at : -1;
        return at;
    }

    private static CodeDiagnostic At(string text, int index, string message)
    {
        var before = text.AsSpan(0, index);
        return new CodeDiagnostic("SqlError", before.Count('\n') + 1, index - before.LastIndexOf('\n'), message, Severity.Error);
    }
}
