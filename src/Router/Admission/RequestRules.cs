using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Checks a request and fills in its defaults, before anything is stored. Every refusal names the field, the value and the limit.
/// </summary>
internal sealed class RequestRules(IOptions<RouterOptions> options, LocalHost host)
{
    /// <summary>Label of a batch row: the caller's id of it.</summary>
    public const string CustomIdLabel = "custom_id";

    /// <summary>Label of a replayed job: the id of the old one.</summary>
    public const string ReplayLabel = "replay_of";

    /// <summary>Most bytes of a remark, such as the reason of a cancellation.</summary>
    public const int MaxRemark = 4_096;

    private const int MaxFiles = 500;
    private const int MaxLabels = 16;
    private const int MaxShort = 128;
    private const int MaxSchema = 5_000;
    private const int MaxPriority = 9;
    private const int MaxAttempts = 20;

    // Marks that the router itself adds do not count against the caller's.
    private static readonly string[] OwnLabels = [CustomIdLabel, ReplayLabel];

    /// <summary>A checked copy with defaults filled in.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT with one clear sentence.</exception>
    public GenerateRequest Check(GenerateRequest raw)
    {
        var request = raw.Clone();
        CheckTask(request.Task);
        request.Kind = OneOf("kind", request.Kind, JobKinds.All, JobKinds.Code);
        request.Lane = OneOf("lane", request.Lane, Lanes.All, Lanes.Interactive);
        request.Tier = OneOf("tier", request.Tier, ["quality", "fast"], "quality");
        request.Approach = OneOf("approach", request.Approach, Approaches.All, "");
        request.Language = OneOf("language", request.Language.ToLowerInvariant(), RequestLanguages.All, "");
        if (request.Project.Length == 0)
            request.Project = "default";
        Short("project", request.Project);
        Short("idempotency_key", request.IdempotencyKey);
        Short("workspace_id", request.WorkspaceId);
        Short("platform", request.Platform);
        Short("subject_id", request.SubjectId);
        CheckNumbers(request);
        CheckSchema(request);
        CheckLabels(request);
        CheckFiles(request);
        CheckWorkspace(request);
        Text("contract", request.Contract, options.Value.MaxTaskBytes);
        Text("system", request.System, options.Value.MaxTaskBytes);
        return request;
    }

    /// <summary>An INVALID_ARGUMENT error.</summary>
    public static RpcException Refuse(string message) => new(new Status(StatusCode.InvalidArgument, message));

    private void CheckTask(string task)
    {
        if (string.IsNullOrWhiteSpace(task))
            throw Refuse("task is empty; say what is to be made.");
        Text("task", task, options.Value.MaxTaskBytes);
    }

    /// <summary>Holds a short name or key to its length and characters.</summary>
    public static void Short(string field, string value)
    {
        if (value.Length > MaxShort)
            throw Refuse($"{field} has {value.Length:N0} characters; the limit is {MaxShort}.");
        Text(field, value, MaxShort * 4);
    }

    /// <summary>A value from outside, short enough for an error message.</summary>
    public static string Shorten(string value) => value.Length <= 80 ? value : value[..80] + "…";

    /// <summary>Holds a text to a number of bytes, and to characters that every store takes.</summary>
    public static void Text(string field, string text, int limit)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > limit)
            throw Refuse($"{field} has {bytes:N0} bytes; the limit is {limit:N0}.");
        Characters(field, text);
    }

    private static void Characters(string field, string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw Refuse($"{field} contains a NUL character at position {text.IndexOf('\0', StringComparison.Ordinal)}; remove it.");
        // The gRPC layer turns bytes that are not UTF-8 into this character before anybody sees them.
        if (text.Contains('\uFFFD', StringComparison.Ordinal))
            throw Refuse($"{field} was not valid UTF-8: it has the replacement character U+FFFD at position {text.IndexOf('\uFFFD', StringComparison.Ordinal)}.");
    }

    private static string OneOf(string field, string value, IReadOnlyList<string> allowed, string fallback)
    {
        if (value.Length == 0)
            return fallback;
        return allowed.Contains(value) ? value : throw Refuse($"{field} '{Shorten(value)}' is unknown; use one of: {string.Join(", ", allowed)}.");
    }

    private static void CheckNumbers(GenerateRequest request)
    {
        Within("expected_lines", request.ExpectedLines, 10_000_000);
        Within("deadline_ms", request.DeadlineMs, (long)TimeSpan.FromDays(7).TotalMilliseconds);
        Within("max_attempts", request.MaxAttempts, MaxAttempts);
        Within("max_output_tokens", request.MaxOutputTokens, 1_000_000);
        Within("priority", request.Priority, MaxPriority);
        if (!double.IsFinite(request.MaxCostUsd) || request.MaxCostUsd < 0)
            throw Refuse($"max_cost_usd is {request.MaxCostUsd}; it must be 0 or more.");
    }

    private static void CheckSchema(GenerateRequest request)
    {
        if (request.ResponseSchema.Length == 0)
            return;
        if (request.Kind != JobKinds.Content)
            throw Refuse("response_schema is for content jobs; for code give tests or a contract.");
        if (request.ResponseSchema.Length > MaxSchema)
            throw Refuse($"response_schema has {request.ResponseSchema.Length:N0} characters; the limit is {MaxSchema:N0}.");
        Characters("response_schema", request.ResponseSchema);
        try
        {
            using var schema = JsonDocument.Parse(request.ResponseSchema);
            if (ResponseSchema.Problem(schema.RootElement) is { } problem)
                throw Refuse($"response_schema: {problem}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refuse($"response_schema is no JSON that can be read: {e.Message}");
        }
    }

    private static void Within(string field, long value, long limit)
    {
        if (value < 0 || value > limit)
            throw Refuse($"{field} is {value}; it must be between 0 and {limit:N0}.");
    }

    private static void CheckLabels(GenerateRequest request)
    {
        var count = request.Labels.Keys.Count(key => !OwnLabels.Contains(key));
        if (count > MaxLabels)
            throw Refuse($"labels has {count} entries; the limit is {MaxLabels}.");
        foreach (var (key, value) in request.Labels)
        {
            Short("labels key", key);
            Short($"labels['{key}']", value);
        }
    }

    private void CheckFiles(GenerateRequest request)
    {
        if (request.Files.Count + request.Tests.Count > MaxFiles)
            throw Refuse($"files and tests have {request.Files.Count + request.Tests.Count} entries; the limit is {MaxFiles}.");
        var bytes = 0L;
        foreach (var file in request.Files.Concat(request.Tests))
        {
            if (!WorkspacePath.IsSafe(file.Path))
                throw Refuse($"path '{Shorten(file.Path)}' is not a relative path inside the workspace (no '..', no drive, no leading '/', at most {WorkspacePath.MaxLength} characters).");
            bytes += Encoding.UTF8.GetByteCount(file.Text);
            Short($"language of '{file.Path}'", file.Language);
            Characters($"file '{file.Path}'", file.Text);
        }

        if (bytes > options.Value.MaxFileBytes)
            throw Refuse($"files and tests have {bytes:N0} bytes together; the limit is {options.Value.MaxFileBytes:N0}. Upload a workspace instead.");
    }

    /// <summary>Checks the terms of a batch; null when there are none.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT with one clear sentence.</exception>
    public static BatchTerms? Check(BatchTerms? terms)
    {
        if (terms is null || terms.Equals(new BatchTerms()))
            return null;
        BatchWindow.Of(terms);
        Within("terms.deadline_ms", terms.DeadlineMs, (long)TimeSpan.FromDays(30).TotalMilliseconds);
        return double.IsFinite(terms.MaxCostUsd) && terms.MaxCostUsd >= 0 ? terms : throw Refuse($"terms.max_cost_usd is {terms.MaxCostUsd}; it must be 0 or more.");
    }

    private void CheckWorkspace(GenerateRequest request)
    {
        if (request.WorkspacePath.Length == 0)
            return;
        if (!host.IsLocal)
            throw Refuse("workspace_path is accepted only by an embedded host on loopback; upload the workspace and pass workspace_id.");
        if (!Path.IsPathFullyQualified(request.WorkspacePath) || !Directory.Exists(request.WorkspacePath))
            throw Refuse($"workspace_path '{Shorten(request.WorkspacePath)}' is not an existing folder given by its full path.");
        if (request.WorkspaceId.Length > 0)
            throw Refuse("workspace_id and workspace_path are both set; give one.");
    }
}

/// <summary>Languages a request may name.</summary>
internal static class RequestLanguages
{
    public static readonly IReadOnlyList<string> All =
        ["csharp", "python", "javascript", "typescript", "go", "rust", "java", "shell", "sql", "json", "yaml", "xml", "html", "css", "markdown", "text"];
}
