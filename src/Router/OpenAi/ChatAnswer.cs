using System.Text.Json.Nodes;
using Platform.V1;

namespace Platform.Router;

/// <summary>Writes answers in the shape of chat completions. What the platform knows beyond that shape stands under "platform".</summary>
internal sealed class ChatAnswer(string jobId, ChatModel model, long createdSeconds)
{
    private string Id => $"chatcmpl-{jobId}";

    /// <summary>The whole answer.</summary>
    public JsonObject Whole(JobResult result) => new()
    {
        ["id"] = Id,
        ["object"] = "chat.completion",
        ["created"] = createdSeconds,
        ["model"] = model.Id,
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = TextOf(result), ["refusal"] = null },
            ["logprobs"] = null,
            ["finish_reason"] = "stop",
        }),
        ["usage"] = Usage(result),
        ["platform"] = About(result),
    };

    /// <summary>A piece of text; the first one also says who speaks.</summary>
    public JsonObject Piece(string text, bool isFirst) => Chunk(new JsonArray(new JsonObject
    {
        ["index"] = 0,
        ["delta"] = isFirst ? new JsonObject { ["role"] = "assistant", ["content"] = text } : new JsonObject { ["content"] = text },
        ["finish_reason"] = null,
    }));

    /// <summary>The end of the text.</summary>
    public JsonObject End(JobResult result)
    {
        var chunk = Chunk(new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = new JsonObject(), ["finish_reason"] = "stop" }));
        chunk["platform"] = About(result);
        return chunk;
    }

    /// <summary>The tokens, as a last chunk without choices.</summary>
    public JsonObject Tokens(JobResult result)
    {
        var chunk = Chunk([]);
        chunk["usage"] = Usage(result);
        return chunk;
    }

    /// <summary>An error as clients read it.</summary>
    public static JsonObject Error(ChatException error)
    {
        var body = new JsonObject { ["message"] = error.Message, ["type"] = error.Type, ["param"] = error.Param, ["code"] = error.Code };
        if (error.JobId.Length > 0)
            body["job"] = error.JobId;
        return new JsonObject { ["error"] = body };
    }

    /// <summary>The answer's text. Code that was mended without an engine no longer stands in what the engine wrote: then the code itself is the answer.</summary>
    public static string TextOf(JobResult result)
    {
        if (result.Code.Length == 0 || result.Text.Contains(result.Code.Trim(), StringComparison.Ordinal))
            return result.Text;
        return string.Join("\n\n", result.Files.Select(file => $"{(result.Files.Count > 1 ? $"`{file.Path}`\n" : "")}```{file.Language}\n{file.Text.TrimEnd()}\n```"));
    }

    private JsonObject Chunk(JsonArray choices) => new()
    {
        ["id"] = Id,
        ["object"] = "chat.completion.chunk",
        ["created"] = createdSeconds,
        ["model"] = model.Id,
        ["choices"] = choices,
    };

    private static JsonObject Usage(JobResult result)
    {
        var usage = result.Usage ?? new TokenUsage();
        var prompt = usage.InputUncached + usage.InputCached + usage.CacheWritten;
        return new JsonObject
        {
            ["prompt_tokens"] = prompt,
            ["completion_tokens"] = usage.Output,
            ["total_tokens"] = prompt + usage.Output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.InputCached },
            ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        };
    }

    private JsonObject About(JobResult result) => new()
    {
        ["job"] = jobId,
        ["simulated"] = result.Simulated,
        ["approach"] = result.Approach,
        ["engine"] = result.Engine,
        ["model"] = result.Model,
        ["attempts"] = result.Attempts.Count,
        ["checked"] = result.Validation is { } report ? report.Files.All(file => file.Syntax == "ok") ? "ok" : string.Join(' ', report.Files.Select(file => file.Syntax).Distinct()) : "unchecked",
        ["tests"] = result.Tests?.Outcome is { Length: > 0 } outcome ? outcome : "none",
        ["patterns_used"] = result.Patterns.Count,
        ["cost_usd"] = result.CostUsd,
        ["total_ms"] = result.TotalMs,
    };
}
