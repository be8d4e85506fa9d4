using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>JavaScript by Node's own test runner; a file without tests is one test, which fails when it throws.</summary>
internal sealed partial class NodeSuite : ITestSuite
{
    private static readonly byte[] Driver = Encoding.UTF8.GetBytes(Embedded.Text("run_node.mjs"));

    public Task<PreparedRun> PrepareAsync(TestRun run, bool ownFiles, CancellationToken token)
    {
        if (Tool.Find("node") is not { } node)
            return Task.FromResult(PreparedRun.Unchecked("node is not installed."));
        var program = new FileInfo(node).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? node;
        var tests = (run.Tests.Count > 0 ? run.Tests : run.Code).Where(f => f.Language == "javascript").ToList();
        var files = run.Code.ToDictionary(f => f.Path, f => Encoding.UTF8.GetBytes(f.Text));
        // Only the language's own files can stand before a test; others are there for the tests to read.
        var code = string.Concat(run.Code.Where(f => f.Language == "javascript").Select(f => f.Text + "\n"));
        foreach (var test in run.Tests)
            files[test.Path] = Encoding.UTF8.GetBytes(test.Language != "javascript" || Imports().IsMatch(test.Text) ? test.Text : code + test.Text);
        // Files whose name says what they are need nothing said of their folder.
        if (run.Code.Concat(run.Tests).Any(f => f.Path.EndsWith(".js", StringComparison.Ordinal) && ScriptForm.IsModule(f)) && !files.ContainsKey("package.json"))
            files["package.json"] = "{\"type\":\"module\"}"u8.ToArray();
        files[".run/run_node.mjs"] = Driver;
        files[".run/run.json"] = JsonSerializer.SerializeToUtf8Bytes(new { tests = tests.Select(t => t.Path), code = run.Coverage ? run.Code.Where(f => f.Language == "javascript" && tests.All(t => t.Path != f.Path)).Select(f => f.Path) : [] });
        string[] command = [program, Sandbox.InputPath + "/.run/run_node.mjs", Sandbox.InputPath + "/.run/run.json"];
        return Task.FromResult(PreparedRun.Start(new SandboxCommand(command, files)
        {
            CopyInput = ownFiles,
            ReadOnlyFolders = program.StartsWith("/usr/", StringComparison.Ordinal) ? [] : [program],
            Environment = new Dictionary<string, string> { ["NODE_OPTIONS"] = $"--max-old-space-size={run.Limits.MemoryBytes / 2 >> 20}" },
        }));
    }

    // A test that loads nothing of its own folder expects the code's names to be there.
    [GeneratedRegex("""(?:require\s*\(|from|import)\s*\(?\s*["']\.{1,2}/""")]
    private static partial Regex Imports();
}
