using System.Text.Json;

namespace Platform.Tests.Patterns;

/// <summary>One set: what is searched in, and queries with the one right answer.</summary>
internal sealed record RetrievalSet(IReadOnlyList<(string Id, string Code, string Language)> Documents, IReadOnlyList<(string Query, string Gold)> Queries)
{
    /// <summary>Folder of the data beside the repository; null when it is absent.</summary>
    public static readonly string? Folder = Find();

    public static RetrievalSet Load(string name) => name switch
    {
        "cosqa" => Cosqa("code"),
        "cosqa_no_docstring" => Cosqa("code_no_docstring"),
        "mbpp" => Of(Lines("mbpp_dev.jsonl"), e => (Text(e, "id"), Text(e, "code"), "python")),
        "mbcsp" => Of([.. Lines("mbcsp_dev.jsonl").Where(e => e.TryGetProperty("reference", out _))], e => (Text(e, "id"), WithoutDocs(Text(e, "stub")) + Text(e, "reference"), "csharp")),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown set."),
    };

    private static RetrievalSet Cosqa(string field) => new(
        [.. Lines("cosqa_code.jsonl").Select(e => (Text(e, "id"), Text(e, field), "python"))],
        [.. Lines("cosqa_dev.jsonl").Select(e => (Text(e, "query"), Text(e, "gold")))]);

    private static RetrievalSet Of(List<JsonElement> lines, Func<JsonElement, (string, string, string)> document) =>
        new([.. lines.Select(document)], [.. lines.Select(e => (Text(e, "text"), Text(e, "id")))]);

    private static List<JsonElement> Lines(string file) => [.. File.ReadLines(Path.Combine(Folder!, file)).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string Text(JsonElement line, string field) =>
        line.GetProperty(field) is var value && value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string WithoutDocs(string stub) => string.Join('\n', stub.Split('\n').Where(l => !l.TrimStart().StartsWith("///", StringComparison.Ordinal)));

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "shared", "data", "retrieval")))
                return Path.Combine(folder.FullName, "shared", "data", "retrieval");
        }

        return null;
    }
}
