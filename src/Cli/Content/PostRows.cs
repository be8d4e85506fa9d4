using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Reads rows of posts: JSON lines of a batch, or a campaign that was exported as CSV or JSON.</summary>
internal static class PostRows
{
    private const long MaxLine = 1_048_576;

    /// <summary>Rows of a JSON-lines file; a line that cannot be read is told and left out.</summary>
    public static async IAsyncEnumerable<PostInput> OfLinesAsync(string path, Action<long, string, string> tell, [EnumeratorCancellation] CancellationToken token)
    {
        if (path != "-" && !File.Exists(path))
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
        using var reader = path == "-" ? Console.In : new StreamReader(path);
        for (var number = 1L; await reader.ReadLineAsync(token) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (row, problem) = Parse(line);
            if (row is null)
                tell(number, "", problem);
            else
                yield return row;
        }
    }

    /// <summary>Rows of an exported campaign.</summary>
    /// <exception cref="CommandException">The file is no such export.</exception>
    public static IAsyncEnumerable<PostInput> OfExportAsync(string path, string name, CancellationToken token) =>
        path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? OfCsvAsync(path, name, token) : OfJsonAsync(path, name, token);

    private static async IAsyncEnumerable<PostInput> OfCsvAsync(string path, string name, [EnumeratorCancellation] CancellationToken token)
    {
        await foreach (var row in CsvTable.RowsAsync(path, token))
        {
            if (row.Text("state") is "ready" or "approved" or "rejected" or "")
                yield return Row(name, row.Text("custom_id") is { Length: > 0 } own ? own : row.Needed("id"), row.Needed("platform"), row.Needed("text"), row.Text("slot"), row.Text("variant"), row.Text("theme"), row.Text("state"));
        }
    }

    private static async IAsyncEnumerable<PostInput> OfJsonAsync(string path, string name, [EnumeratorCancellation] CancellationToken token)
    {
        var text = await InputFile.ReadTextAsync(path, token);
        using var document = Document(path, text);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("posts", out var posts) || posts.ValueKind != JsonValueKind.Array)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' is no exported campaign: it has no list 'posts'.");
        foreach (var post in posts.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object && Text(p, "state") is "ready" or "approved" or "rejected" or ""))
            yield return Row(name, Text(post, "custom_id") is { Length: > 0 } own ? own : Text(post, "id"), Text(post, "platform"), Text(post, "text"), Text(post, "slot"), Text(post, "variant"), Text(post, "theme"), Text(post, "state"));
    }

    private static PostInput Row(string name, string id, string platform, string text, string slot, string variant, string theme, string state) => new()
    {
        Campaign = name,
        CustomId = id,
        Platform = platform,
        Text = text,
        Slot = slot,
        Variant = variant,
        Theme = theme,
        State = state == "approved" ? "approved" : "",
    };

    private static (PostInput? Row, string Problem) Parse(string line)
    {
        if (line.Length > MaxLine)
            return (null, $"the line has {line.Length:N0} characters; the limit is {MaxLine:N0}.");
        try
        {
            return (PostInput.Parser.ParseJson(line), "");
        }
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or Google.Protobuf.InvalidJsonException)
        {
            return (null, $"not a row of a batch: {e.Message}");
        }
    }

    private static JsonDocument Document(string path, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' is not JSON ({e.Message})");
        }
    }

    private static string Text(JsonElement post, string field) => post.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
