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

    public bool JudgesAlone => true;

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
    public bool JudgesAlone => true;

    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(Check)]);

    private static Verdict Check(SourceFile file)
    {
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
    public bool JudgesAlone => true;

    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<Verdict>>([.. files.Select(_ => Verdict.Ok)]);
}
