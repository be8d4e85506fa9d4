using Microsoft.Extensions.AI;
using Platform.V1;

namespace Platform.Inference;

/// <summary>What a prompt for code is made of, beside the request.</summary>
/// <param name="Workspace">The files the job may see.</param>
/// <param name="Recall">What memory knows.</param>
internal sealed record Material(Workspace Workspace, RecallReply Recall);

/// <summary>Puts prompts together from templates: budgeted, with everything that nobody vouches for marked as data.</summary>
internal sealed class PromptBuilder(InferenceOptions options)
{
    private const int MostTreePaths = 400;
    private const int MostFailures = 5;
    private const int MostErrorCharacters = 6_000;

    /// <summary>The conversation that opens a code job.</summary>
    /// <param name="run">The job.</param>
    /// <param name="template">"instructions", "traditional" or "mcp".</param>
    /// <param name="material">Files and memory.</param>
    /// <param name="withWorkspace">Whether the workspace's files stand in the prompt, not only those of the request.</param>
    /// <param name="withTree">Whether the workspace's paths stand in the prompt.</param>
    public List<ChatMessage> Code(JobRun run, string template, Material material, bool withWorkspace = false, bool withTree = false)
    {
        var request = run.Request;
        var values = new Dictionary<string, string>
        {
            ["language"] = run.Language.Length > 0 ? run.Language : "as the task asks",
            ["task"] = request.Task,
            ["contract"] = request.Contract,
            ["files"] = Files(request, material.Workspace, withWorkspace),
            ["tests"] = DataBlock.Files(request.Tests.Select(CodeFile.Of), "test", options.FileCharacters / 4),
            ["examples"] = Examples(material.Recall),
            ["failures"] = string.Join('\n', material.Recall.Failures.Take(MostFailures).Select(failure => DataBlock.Of("memory:failure", failure))),
            ["tree"] = withTree ? Tree(material.Workspace) : "",
        };
        return Messages(template, values);
    }

    /// <summary>The conversation of a content job.</summary>
    public static List<ChatMessage> Content(JobRun run) =>
        Messages("content", new Dictionary<string, string> { ["system"] = run.Request.System, ["task"] = run.Request.Task, ["schema"] = run.Request.ResponseSchema });

    /// <summary>The conversation in which tests are written before the code.</summary>
    public List<ChatMessage> Tests(JobRun run, string framework, string problem) => Messages("tests", new Dictionary<string, string>
    {
        ["language"] = run.Language,
        ["framework"] = framework,
        ["task"] = run.Request.Task,
        ["contract"] = run.Request.Contract,
        ["files"] = DataBlock.Files(run.Request.Files.Select(CodeFile.Of), "file", options.FileCharacters / 4),
        ["problem"] = problem,
    });

    /// <summary>Sends an answer back with what is wrong, what helped before and what did not.</summary>
    public static ChatMessage Fix(string stage, string error, FindFixesReply known)
    {
        var values = new Dictionary<string, string>
        {
            ["stage"] = stage,
            ["error"] = DataBlock.Of("check", error.Length <= MostErrorCharacters ? error : error[..MostErrorCharacters] + "..."),
            ["fixes"] = string.Join('\n', known.Fixes.Select(fix => DataBlock.Of("memory:fix", $"before: {fix.Before}\nafter: {fix.After}\nwhy: {fix.Explanation}"))),
            ["failed"] = string.Join('\n', known.Failed.Select(fix => DataBlock.Of("memory:failed-fix", $"before: {fix.Before}\nafter: {fix.After}{(fix.Alternative.Length > 0 ? $"\nwhat worked instead: {fix.Alternative}" : "")}"))),
        };
        return new ChatMessage(ChatRole.User, PromptTemplate.Get("fix").User(values));
    }

    private static List<ChatMessage> Messages(string name, Dictionary<string, string> values)
    {
        var template = PromptTemplate.Get(name);
        return [new ChatMessage(ChatRole.System, template.System(values)), new ChatMessage(ChatRole.User, template.User(values))];
    }

    private string Files(GenerateRequest request, Workspace workspace, bool all)
    {
        // The request's files come first: if anything has to be left out, it is not what the caller chose to send.
        var own = request.Files.Select(file => Workspace.Normalise(file.Path)).ToHashSet(StringComparer.Ordinal);
        var paths = all ? own.Concat(workspace.Paths.Where(path => !own.Contains(path))) : own;
        return DataBlock.Files(paths.Select(workspace.File).OfType<CodeFile>(), "file", options.FileCharacters);
    }

    private string Examples(RecallReply recall)
    {
        if (recall.Withheld)
            return "";
        var left = options.ExampleCharacters;
        var chosen = recall.Examples.Take(options.Examples).TakeWhile(hit => (left -= hit.Text.Length) >= 0);
        return string.Join('\n', chosen.Select(hit => DataBlock.Of($"memory:{hit.Project}/{hit.Path}", hit.Text)));
    }

    private static string Tree(Workspace workspace)
    {
        var paths = string.Join('\n', workspace.Paths.Take(MostTreePaths));
        var more = workspace.Paths.Count - MostTreePaths;
        return paths.Length == 0 ? "" : DataBlock.Of("workspace", more > 0 ? $"{paths}\n({more} more; file_reader lists folders)" : paths);
    }
}
