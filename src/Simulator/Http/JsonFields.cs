using System.Globalization;
using System.Text.Json;

namespace Platform.Simulator.Http;

/// <summary>Reads single fields of a request body and collects what is wrong with them, one line for each field.</summary>
internal sealed class JsonFields
{
    private const int MaxProblems = 20;

    private readonly List<string> problems = [];

    public bool Failed => problems.Count > 0;

    /// <summary>The field group that the first problem belongs to, when its reader named one.</summary>
    public string? Param { get; private set; }

    public string Problems => string.Join('\n', problems);

    public void Add(string problem, string? param = null)
    {
        if (problems.Count == 0)
            Param = param;
        if (problems.Count < MaxProblems)
            problems.Add(problem);
    }

    /// <summary>The value of a field that is there and not null.</summary>
    public static bool TryGet(JsonElement owner, string name, out JsonElement value)
    {
        value = default;
        return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public string? Text(JsonElement owner, string name, string path, bool required = false)
    {
        if (!TryGet(owner, name, out var value))
        {
            if (required)
                Add($"{path}: Field required");
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
            return value.GetString();
        Add($"{path}: Input should be a valid string");
        return null;
    }

    public bool Flag(JsonElement owner, string name, string path)
    {
        if (!TryGet(owner, name, out var value))
            return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Add($"{path}: Input should be a valid boolean");
        return false;
    }

    public int? Integer(JsonElement owner, string name, string path, int least)
    {
        if (!TryGet(owner, name, out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            Add($"{path}: Input should be a valid integer");
        else if (number < least)
            Add($"{path}: Input should be greater than or equal to {least}");
        else
            return number;
        return null;
    }

    public void Range(JsonElement owner, string name, string path, double least, double most)
    {
        if (!TryGet(owner, name, out var value))
            return;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number))
            Add($"{path}: Input should be a valid number");
        else if (number < least)
            Add(string.Create(CultureInfo.InvariantCulture, $"{path}: Input should be greater than or equal to {least}"));
        else if (number > most)
            Add(string.Create(CultureInfo.InvariantCulture, $"{path}: Input should be less than or equal to {most}"));
    }

    /// <summary>The items of an array field; empty when it is absent.</summary>
    public IReadOnlyList<JsonElement> Items(JsonElement owner, string name, string path)
    {
        if (!TryGet(owner, name, out var value))
            return [];
        if (value.ValueKind == JsonValueKind.Array)
            return [.. value.EnumerateArray()];
        Add($"{path}: Input should be a valid list");
        return [];
    }
}
