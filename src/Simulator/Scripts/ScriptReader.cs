using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Simulator.Answers;
using Platform.Simulator.Faults;

namespace Platform.Simulator.Scripts;

/// <summary>Turns script text into rules. Every problem names its line; unknown keys are problems.</summary>
internal static class ScriptReader
{
    private const int MaxRules = 10_000;

    public static SimulatorScript Read(string text)
    {
        var root = ScriptNode.Parse(text);
        root.Allow("rules");
        var rules = root.List("rules").Select(ReadRule).ToList();
        if (rules.Count is 0 or > MaxRules)
            throw root.Problem($"rules: {rules.Count} rules; allowed is 1 to {MaxRules}");
        var twice = rules.GroupBy(rule => rule.Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new SimulatorScript(rules) : throw root.Problem($"rules: the name '{twice.Key}' stands twice");
    }

    private static ScriptRule ReadRule(ScriptNode node, int index)
    {
        node.Allow("name", "match", "in", "engine", "model", "when_contains", "answers");
        var scope = node.Text("in") ?? "user";
        if (scope is not ("user" or "prompt"))
            throw node.Problem($"in: '{scope}' is unknown; use user (the last user message) or prompt (everything)");
        var answers = node.List("answers").Select(ReadAnswer).ToList();
        if (answers.Count == 0)
            throw node.Problem("answers: at least one is required");
        return new(
            node.Text("name") ?? $"rule {index + 1}",
            ReadRegex(node, "match") ?? ReadPattern(node, "match", ""),
            scope == "prompt",
            ReadEngine(node),
            ReadRegex(node, "model"),
            node.Texts("when_contains"),
            answers);
    }

    private static Answer ReadAnswer(ScriptNode node, int index)
    {
        if (node.Scalar is { } text)
            return new Answer { Text = text };
        node.Allow("text", "reasoning", "tools", "fault", "finish_reason", "first_token_ms");
        var tools = node.List("tools").Select(ReadTool).ToList();
        var fault = node.Text("fault");
        if (fault is not null && !Fault.Names.Contains(fault))
            throw node.Problem($"fault: '{fault}' is unknown; known are {string.Join(", ", Fault.Names)}");
        if (node.Text("text") is null && tools.Count == 0 && fault is null)
            throw node.Problem("an answer needs text, tools or fault");
        var finish = node.Text("finish_reason") ?? (tools.Count > 0 ? Finish.ToolCalls : Finish.Stop);
        if (!Finish.All.Contains(finish))
            throw node.Problem($"finish_reason: '{finish}' is unknown; known are {string.Join(", ", Finish.All)}");
        return new Answer
        {
            Text = node.Text("text") ?? "",
            Reasoning = node.Text("reasoning") ?? "",
            ToolCalls = tools,
            Fault = fault,
            Finish = finish,
            FirstToken = ReadMilliseconds(node, "first_token_ms"),
        };
    }

    private static AnswerToolCall ReadTool(ScriptNode node, int index)
    {
        node.Allow("name", "arguments");
        return new(node.Text("name") ?? throw node.Problem("tools: name is required"), node.Json("arguments"));
    }

    private static SimulatorEngine? ReadEngine(ScriptNode node)
    {
        if (node.Text("engine") is not { } name)
            return null;
        return Enum.TryParse<SimulatorEngine>(name, ignoreCase: true, out var engine) && !int.TryParse(name, out _)
            ? engine
            : throw node.Problem($"engine: '{name}' is unknown; known are cerebras, anthropic, openai");
    }

    private static TimeSpan? ReadMilliseconds(ScriptNode node, string key)
    {
        if (node.Text(key) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 600_000
            ? TimeSpan.FromMilliseconds(number)
            : throw node.Problem($"{key}: '{text}' is out of range; allowed is 0 to 600000");
    }

    private static Regex? ReadRegex(ScriptNode node, string key) => node.Text(key) is { } pattern ? ReadPattern(node, key, pattern) : null;

    private static Regex ReadPattern(ScriptNode node, string key, string pattern)
    {
        try
        {
            // Prompts come from outside: only patterns whose time is linear in the prompt are taken.
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            throw node.Problem($"{key}: '{pattern}' is no usable regular expression (look-around and back-references are not supported): {problem.Message}");
        }
    }
}
