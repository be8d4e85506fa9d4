using System.ComponentModel;
using System.Globalization;
using System.Text;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace Platform.Inference;

/// <summary>The tools that every job of the <c>mcp</c> approach has. They see the job's workspace and nothing else, and change nothing.</summary>
internal sealed class BuiltInTools(JobRun run, Workspace workspace, CodeChecks checks, PatternMemory memory)
{
    private const int MostListed = 500;
    private const int MostPatterns = 10;

    /// <summary>The tools, ready for a server.</summary>
    public IEnumerable<McpServerTool> All() =>
    [
        Tool("file_reader", ReadFile),
        Tool("code_validator", ValidateAsync),
        Tool("dependency_analyzer", Dependencies),
        Tool("pattern_search", SearchAsync),
    ];

    [Description("Reads a file of the workspace, or lists the files under a folder (empty path: all files). Lines are numbered when a range is asked for.")]
    private string ReadFile(
        [Description("Path relative to the workspace root, forward slashes.")] string path = "",
        [Description("First line, from 1; 0 for the whole file.")] int startLine = 0,
        [Description("Last line; 0 for the end.")] int endLine = 0)
    {
        if (workspace.Read(path) is { } text)
            return DataBlock.Of($"workspace:{Workspace.Normalise(path)}", startLine <= 0 && endLine <= 0 ? text : Lines(text, startLine, endLine));
        var folder = Workspace.Normalise(path).Trim('/');
        string[] found = [.. workspace.Paths.Where(file => folder.Length is 0 || folder == "." || file.StartsWith(folder + "/", StringComparison.Ordinal))];
        if (found.Length == 0)
            throw new McpException($"path: '{path}' is no file or folder of the workspace. Ask for the empty path to see all files.");
        return string.Join('\n', found.Take(MostListed)) + (found.Length > MostListed ? $"\n({found.Length - MostListed} more; ask for a folder)" : "");
    }

    [Description("Compiles or parses code together with the workspace's files of the same language, without running it. Says what is wrong, or ok.")]
    private async Task<string> ValidateAsync(
        [Description("Path of the file, existing or new.")] string path,
        [Description("The whole text of the file; empty to check the file as it is.")] string code = "",
        CancellationToken cancellationToken = default)
    {
        var name = Workspace.Normalise(path);
        var text = code.Length > 0 ? code : workspace.Read(name) ?? throw new McpException($"path: '{path}' is no file of the workspace; give its text in code.");
        if (!WorkspaceRules.MayShow(name))
            throw new McpException($"path: '{path}' is not a relative path of an ordinary source file.");
        var file = new CodeFile(name, Validation.Languages.FromPath(name), text);
        var report = await checks.CheckAsync(run, [file], workspace.OfLanguage(file.Language, CodeJob.ContextCharacters), cancellationToken);
        var found = report.Files[0];
        if (found.Diagnostics.Count + found.Security.Count == 0)
            return found.Syntax == "unchecked" ? $"unchecked: {found.Reason}" : "ok";
        var lines = found.Diagnostics.Select(item => string.Create(CultureInfo.InvariantCulture, $"{name}({item.Line},{item.Column}): {item.Severity} {item.Code}: {item.Message}"))
            .Concat(found.Security.Select(item => string.Create(CultureInfo.InvariantCulture, $"{name}({item.Line}): security {item.Severity} {item.Rule} {item.Cwe}: {item.Message}")));
        return string.Join('\n', lines.Take(50));
    }

    [Description("Says what a file of the workspace uses, what it declares, and which other files mention what it declares.")]
    private string Dependencies([Description("Path relative to the workspace root.")] string path)
    {
        var file = workspace.File(path) ?? throw new McpException($"path: '{path}' is no file of the workspace.");
        return DependencyMap.Describe(workspace, file);
    }

    [Description("Finds verified code from memory by what it does.")]
    private async Task<string> SearchAsync(
        [Description("What the code should do, in words.")] string query,
        [Description("Most results, up to 10.")] int top = 5,
        CancellationToken cancellationToken = default)
    {
        var hits = await memory.SearchAsync(run, query, Math.Clamp(top, 1, MostPatterns), cancellationToken);
        return hits.Count == 0
            ? "nothing found"
            : string.Join('\n', hits.Select(hit => DataBlock.Of($"memory:{hit.Project}/{hit.Path}:{hit.StartLine}", hit.Text)));
    }

    private static McpServerTool Tool(string name, Delegate method) => McpServerTool.Create(method, new McpServerToolCreateOptions { Name = name, ReadOnly = true });

    private static string Lines(string text, int first, int last)
    {
        var lines = text.Split('\n');
        var shown = new StringBuilder();
        var end = last <= 0 ? lines.Length : Math.Min(last, lines.Length);
        for (var i = Math.Max(first, 1); i <= end; i++)
            shown.Append(CultureInfo.InvariantCulture, $"{i}: ").Append(lines[i - 1].TrimEnd('\r')).Append('\n');
        return shown.ToString();
    }
}
