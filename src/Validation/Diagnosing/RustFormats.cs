using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>rustc's text: the error in one line, its place behind an arrow below.</summary>
internal sealed partial class RustTextFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxGap = 4;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header)
            return null;
        var at = Enumerable.Range(1, MaxGap).FirstOrDefault(n => lines.Ahead(n).Length < MaxLine && Place().IsMatch(lines.Ahead(n)));
        if (at == 0)
            return null;
        var place = Place().Match(lines.Ahead(at));
        lines.At += at;
        return new FoundError("rust", header.Groups["code"].Value, header.Groups["message"].Value.Trim(), place.Groups["path"].Value, OutputLines.Number(place, "line"), OutputLines.Number(place, "column"));
    }

    [GeneratedRegex(@"^error(\[(?<code>E\d+)\])?: (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s*--> (?<path>([A-Za-z]:)?[^:\n]+):(?<line>\d+):(?<column>\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}

/// <summary>JSON lines of rustc (<c>--error-format json</c>) and of cargo (<c>--message-format json</c>).</summary>
internal sealed class RustJsonFormat : IErrorFormat
{
    private const int MaxLine = 1 << 20;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (!line.StartsWith('{') || line.Length > MaxLine || !line.Contains("\"spans\"", StringComparison.Ordinal))
            return null;
        try
        {
            var root = JsonElement.Parse(line);
            return Find(root.TryGetProperty("reason", out _) && root.TryGetProperty("message", out var inner) ? inner : root);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null; // Some other program's JSON.
        }
    }

    private static FoundError? Find(JsonElement message)
    {
        if (message.GetProperty("level").GetString() is not ("error" or "error: internal compiler error"))
            return null;
        var spans = message.GetProperty("spans").EnumerateArray().ToList();
        var at = spans.FindIndex(s => s.GetProperty("is_primary").GetBoolean());
        if (at < 0)
            return null;
        var code = message.GetProperty("code");
        return new FoundError("rust", code.ValueKind == JsonValueKind.Object ? code.GetProperty("code").GetString()! : "", message.GetProperty("message").GetString()!,
            spans[at].GetProperty("file_name").GetString()!, spans[at].GetProperty("line_start").GetInt32(), spans[at].GetProperty("column_start").GetInt32());
    }
}

/// <summary>A panic: its place in the first line, the message below, the calls behind "stack backtrace:".</summary>
internal sealed partial class RustPanicFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;
    private const int MaxMessageLines = 20;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header)
            return null;
        var (path, row, column) = (header.Groups["path"].Value, OutputLines.Number(header, "line"), OutputLines.Number(header, "column"));
        var inLine = header.Groups["message"].Success;
        var message = inLine ? header.Groups["message"].Value : lines.Ahead(1);
        var start = Enumerable.Range(1, MaxMessageLines).FirstOrDefault(n => lines.Ahead(n) == "stack backtrace:");
        var (calls, ahead) = start == 0 ? ([], inLine ? 1 : 2) : Calls(lines, start + 1);
        lines.At += ahead - 1;
        var error = FoundError.Trace("rust", "panic", message.Trim(), calls);
        // The place of the panic is often a line of the library; then the backtrace tells where the code's own fault lies.
        return new TraceCall("", path, row, column).IsLibrary && error.Path.Length > 0 ? error : error with { Path = path, Line = row, Column = column };
    }

    private static (List<TraceCall> Calls, int Ahead) Calls(OutputLines lines, int ahead)
    {
        var calls = new List<TraceCall>();
        for (; lines.Ahead(ahead).Length < MaxLine && Call().Match(lines.Ahead(ahead)) is { Success: true } call; ahead++)
        {
            var place = Place().Match(lines.Ahead(ahead + 1).Length < MaxLine ? lines.Ahead(ahead + 1) : "");
            if (calls.Count < MaxCalls)
                calls.Add(new TraceCall(call.Groups["method"].Value, place.Groups["path"].Value, OutputLines.Number(place, "line"), OutputLines.Number(place, "column")));
            ahead += place.Success ? 1 : 0;
        }
        return (calls, ahead);
    }

    // Since 1.73 the message stands below; before, in quotes within the line.
    [GeneratedRegex(@"^thread '[^'\n]*'( \(\d+\))? panicked at ('(?<message>.*)', )?(?<path>([A-Za-z]:)?[^:'\n]+):(?<line>\d+):(?<column>\d+):?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+\d+: (0x[0-9a-f]+ - )?(?<method>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\s+at (?<path>([A-Za-z]:)?[^:\n]+):(?<line>\d+)(:(?<column>\d+))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
