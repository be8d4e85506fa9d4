using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Router;

/// <summary>A name that clients of the OpenAI-compatible door give as "model": not one engine's model, but a way in which the platform answers.</summary>
/// <param name="Id">The name.</param>
/// <param name="Purpose">What it stands for.</param>
/// <param name="Kind">Kind of the job.</param>
/// <param name="Approach">Approach that is forced; empty lets the router decide.</param>
/// <param name="Tier">Tier of a content job.</param>
internal sealed record ChatModel(string Id, string Purpose, string Kind, string Approach = "", string Tier = "")
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ChatModel> All =
    [
        new("platform", "verified code; the router decides how", JobKinds.Code),
        new("platform-instructions", "verified code, one call of the fast engine", JobKinds.Code, Approaches.Instructions),
        new("platform-mcp", "verified code, the fast engine with tools", JobKinds.Code, Approaches.Mcp),
        new("platform-traditional", "verified code, the large engine", JobKinds.Code, Approaches.Traditional),
        new("platform-text", "text, streamed as it is written; not checked", JobKinds.Content, Tier: ModelTiers.Quality),
        new("platform-text-fast", "short text, streamed as it is written; not checked", JobKinds.Content, Tier: ModelTiers.Fast),
    ];

    /// <summary>Whether text goes out as it is written. Code waits until it is checked: what was sent cannot be taken back.</summary>
    public bool IsLive => Kind == JobKinds.Content;

    /// <summary>The model of a name, or null.</summary>
    public static ChatModel? Find(string id) => All.FirstOrDefault(model => model.Id == id);
}

/// <summary>What a client asked for.</summary>
/// <param name="Model">The way to answer.</param>
/// <param name="Request">The job.</param>
/// <param name="Stream">Whether events are wanted.</param>
/// <param name="WithUsage">Whether the last event names the tokens.</param>
internal sealed record ChatWish(ChatModel Model, GenerateRequest Request, bool Stream, bool WithUsage);

/// <summary>An answer that is an error, in the shape that OpenAI's clients read.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="type">Class, such as "invalid_request_error".</param>
/// <param name="code">Machine-readable reason.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="param">Field that is wrong; null when it is none.</param>
internal sealed class ChatException(int status, string type, string code, string message, string? param = null) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string Code => code;

    public string? Param => param;

    /// <summary>The job it is about; empty when none was accepted.</summary>
    public string JobId { get; init; } = "";

    /// <summary>A field that is wrong.</summary>
    public static ChatException Invalid(string field, string message) => new(400, "invalid_request_error", "invalid_value", message, field);
}
