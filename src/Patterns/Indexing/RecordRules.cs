using System.Text.Json;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>What a record of <c>index --records</c> must look like.</summary>
internal static class RecordRules
{
    /// <summary>Where records stand in their project.</summary>
    public const string Folder = "records/";

    private const int MaxId = 512;
    private const int MaxText = 1024 * 1024;

    /// <exception cref="ArgumentException">The record is not usable; says which field, what was found and the limit.</exception>
    public static void Check(IndexRecord record)
    {
        if (record.Id.Length is 0 or > MaxId)
            throw new ArgumentException($"Field 'id' of a record has {record.Id.Length} characters; give 1 to {MaxId}.");
        if (record.Id.Any(char.IsControl))
            throw new ArgumentException("Field 'id' of a record holds a control character; give printable ones.");
        if (record.Text.Length + record.Code.Length is 0 or > MaxText)
            throw new ArgumentException($"Fields 'text' and 'code' of record '{record.Id}' have {record.Text.Length + record.Code.Length} characters together; give 1 to {MaxText}.");
    }

    /// <summary>Reads one line of a records file.</summary>
    /// <exception cref="ArgumentException">The line is no such object; says which line.</exception>
    public static IndexRecord Parse(string line, long number)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return new IndexRecord { Id = Field(root, "id"), Text = Field(root, "text"), Code = Field(root, "code"), Language = Field(root, "language") };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"Line {number} is not a JSON object like {{\"id\":\"1\",\"text\":\"...\",\"code\":\"...\",\"language\":\"python\"}}: {e.Message}", e);
        }
    }

    private static string Field(JsonElement root, string name) =>
        !root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
