using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Cli;

/// <summary>One line of a JSON-lines file that a user names.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">Line, from 1.</param>
/// <param name="Root">The object.</param>
internal sealed record JsonLine(string Path, long Number, JsonElement Root)
{
    /// <summary>A text field; empty when it is absent.</summary>
    /// <exception cref="CommandException">The field is no text.</exception>
    public string Text(string field)
    {
        if (!Root.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
            return "";
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new CommandException(ExitCodes.WrongUsage, $"{Path} line {Number}: '{field}' is {value.ValueKind}, not a text.");
    }

    /// <summary>The id, which may be written as a text or a number.</summary>
    /// <exception cref="CommandException">It is missing.</exception>
    public string Id() => Root.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
        ? id.ToString()
        : throw new CommandException(ExitCodes.WrongUsage, $"{Path} line {Number}: 'id' is missing.");
}

/// <summary>Reads JSON-lines files without holding them in memory.</summary>
internal static class JsonLines
{
    /// <summary>Id and object of each line; empty lines are passed over. "-" reads standard input.</summary>
    /// <exception cref="CommandException">The file is missing, or a line is no JSON object; says which.</exception>
    public static async IAsyncEnumerable<(string Id, JsonLine Line)> ReadAsync(string path, [EnumeratorCancellation] CancellationToken token)
    {
        if (path != "-" && !File.Exists(path))
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
        using var reader = path == "-" ? Console.In : new StreamReader(path);
        for (var number = 1L; await reader.ReadLineAsync(token) is { } text; number++)
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            var line = Parse(path, number, text);
            yield return (line.Id(), line);
        }
    }

    private static JsonLine Parse(string path, long number, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonLine(path, number, document.RootElement.Clone())
                : throw new CommandException(ExitCodes.WrongUsage, $"{path} line {number}: not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, $"{path} line {number}: not JSON ({e.Message})");
        }
    }
}
