using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Reads rows of posts: JSON lines of a batch, or a campaign that was exported as CSV or JSON.</summary>
internal static class PostRows
{
    private const long MaxLine = 1_048_576;

    /// <summary>Rows of a JSON-lines file that can be read.</summary>
    public static IAsyncEnumerable<PostInput> OfLinesAsync(string path, CancellationToken token) =>
        LinesAsync(path, token).Where(line => line.Row is not null).Select(line => line.Row!);

    /// <summary>Lines of the file that are no rows, each with the reason.</summary>
    public static IAsyncEnumerable<(long Line, string Problem)> UnreadableAsync(string path, CancellationToken token) =>
        LinesAsync(path, token).Where(line => line.Row is null).Select(line => (line.Number, line.Problem));

    private static async IAsyncEnumerable<(long Number, PostInput? Row, string Problem)> LinesAsync(string path, [EnumeratorCancellation] CancellationToken token)
    {
        using var reader = new StreamReader(path);
        for (var number = 1L; await reader.ReadLineAsync(token) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (row, problem) = Parse(line);
            yield return (number, row, problem);
        }
    }

    /// <summary>Rows of an exported campaign.</summary>
    /// <param name="path">The export.</param>
    /// <param name="name">Name of the new campaign.</param>
    /// <param name="skip">Told the state of each row that has no text to bring in.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="CommandException">The file is no such export.</exception>
    public static async IAsyncEnumerable<PostInput> OfExportAsync(string path, string name, Action<string> skip, [EnumeratorCancellation] CancellationToken token)
    {
        var rows = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? CsvTable.RowsAsync(path, token).Select(row => (Func<string, string>)row.Text) : OfJsonAsync(path, token);
        await foreach (var cell in rows)
        {
            if (cell("state") is "ready" or "approved" or "rejected" or "")
                yield return Row(name, cell);
            else
                skip(cell("state"));
        }
    }

    private static async IAsyncEnumerable<Func<string, string>> OfJsonAsync(string path, [EnumeratorCancellation] CancellationToken token)
    {
        var text = await InputFile.ReadTextAsync(path, token);
        using var document = Document(path, text);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("posts", out var posts) || posts.ValueKind != JsonValueKind.Array)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' is no exported campaign: it has no list 'posts'.");
        foreach (var post in posts.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object))
            yield return field => Text(post, field);
    }

    /// <summary>Everything of a post that its text does not say itself. The score is reckoned anew, by the rules and the history of today.</summary>
    private static PostInput Row(string name, Func<string, string> cell)
    {
        var row = Bare(name, cell);
        row.Parts.AddRange(Parts(cell("parts")));
        return row;
    }

    /// <summary>A list in JSON, as the export has it. What is none is no thread, and the text is checked as one.</summary>
    private static string[] Parts(string json)
    {
        try
        {
            return json.Length == 0 ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static PostInput Bare(string name, Func<string, string> cell) => new()
    {
        Campaign = name,
        CustomId = cell("custom_id") is { Length: > 0 } own ? own : cell("id"),
        Platform = cell("platform"),
        Text = cell("text"),
        Slot = cell("slot"),
        Variant = cell("variant"),
        Theme = cell("theme"),
        State = cell("state") is "approved" or "rejected" ? cell("state") : "",
        Intent = cell("intent"),
        Voice = cell("voice"),
        ExperimentId = cell("experiment_id"),
        Arm = cell("arm"),
        Simulated = cell("simulated") == "true",
        Model = cell("model"),
        AiGenerated = cell("ai_generated") == "true",
        PromptVersion = cell("prompt_version"),
        Hook = cell("hook"),
        CallToAction = cell("call_to_action"),
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

    private static string Text(JsonElement post, string field) => !post.TryGetProperty(field, out var value) ? "" : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.Array => value.GetRawText(),
        _ => "",
    };
}
