using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Python: plain asserts one by one, test functions, unittest classes, or pytest when it is installed.</summary>
internal sealed partial class PythonSuite : ITestSuite
{
    private static readonly byte[] Driver = Encoding.UTF8.GetBytes(Embedded.Text("run_python.py"));

    public Task<PreparedRun> PrepareAsync(TestRun run, bool ownFiles, CancellationToken token) => PrepareAsync(run, ownFiles, workspace: false, token);

    /// <summary>A run whose code the tests import themselves, from the workspace's folder or its src.</summary>
    public static async Task<PreparedRun> PrepareAsync(TestRun run, bool ownFiles, bool workspace, CancellationToken token)
    {
        var installed = await PythonInstallation.AllAsync(token);
        if (installed.Count == 0)
            return PreparedRun.Unchecked("python3 is not installed.");
        var wantsPytest = run.Tests.Any(t => Pytest().IsMatch(t.Text));
        var python = (wantsPytest ? installed.FirstOrDefault(p => p.HasPytest) : null) ?? installed[0];
        if (wantsPytest && !python.HasPytest)
            return PreparedRun.Unchecked("The tests import pytest, which is not installed.");
        var files = run.Code.Concat(run.Tests).ToDictionary(f => f.Path, f => Encoding.UTF8.GetBytes(f.Text));
        files[".run/run_python.py"] = Driver;
        files[".run/run.json"] = JsonSerializer.SerializeToUtf8Bytes(new
        {
            // Other languages' files are there for the tests to read.
            code = run.Code.Where(f => f.Language == "python").Select(f => f.Path),
            tests = (run.Tests.Count > 0 ? run.Tests : run.Code).Where(f => f.Language == "python").Select(f => f.Path),
            pytest = wantsPytest,
            workspace,
            coverage = run.Coverage,
        });
        // -I: nothing of the user's site or environment; -B: no byte code files.
        string[] command = [python.Program, "-I", "-B", Sandbox.InputPath + "/.run/run_python.py", Sandbox.InputPath + "/.run/run.json"];
        return PreparedRun.Start(new SandboxCommand(command, files) { CopyInput = ownFiles, ReadOnlyFolders = python.Folders });
    }

    [GeneratedRegex("""^[ \t]*(?:import|from)\s+pytest\b""", RegexOptions.Multiline)]
    private static partial Regex Pytest();
}
