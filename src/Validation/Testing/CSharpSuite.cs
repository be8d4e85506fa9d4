using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Platform.Validation;

/// <summary>C#: compiled here in one assembly with its tests, run by the test host in the sandbox. Xunit tests, or a program that throws.</summary>
internal sealed class CSharpSuite : ITestSuite
{
    private const string SuiteName = "suite.dll";
    private const int ShownErrors = 20;

    public async Task<PreparedRun> PrepareAsync(TestRun run, bool ownFiles, CancellationToken token)
    {
        if (CSharpReferences.DotnetRoot is not { } root)
            return PreparedRun.Unchecked("C# tests need the dotnet command; this process was started without one.");
        if (!Directory.Exists(CSharpReferences.TestKitPath))
            return PreparedRun.Unchecked($"C# tests need the folder '{CSharpReferences.TestKitPath}', which is missing.");
        var build = await Task.Run(() => SuiteBuild.Of(run, token), token);
        if (build.Assembly is null)
            return PreparedRun.Failed(build.Problem!, string.Join('\n', build.Errors.Take(ShownErrors)));
        var files = new Dictionary<string, byte[]>(CSharpReferences.TestKitUnder("testkit")) { [SuiteName] = build.Assembly };
        var others = run.Code.Concat(run.Tests).Where(f => !SuiteBuild.IsOwn(f)).ToList();
        foreach (var other in others)
            files[other.Path] = Encoding.UTF8.GetBytes(other.Text);
        string[] command = [Path.Combine(root, "dotnet"), Sandbox.InputPath + "/testkit/Platform.TestHost.dll", $"{Sandbox.InputPath}/{SuiteName}", build.IsXunit ? "suite" : "program"];
        return PreparedRun.Start(new SandboxCommand(command, files)
        {
            CopyInput = ownFiles && others.Count > 0,
            ReadOnlyFolders = DotnetFolders.Runtime(root),
            Environment = RuntimeSettings(run.Limits, root),
        }) with
        { Probes = build.Probes };
    }

    // American English is what tests of formatted numbers and dates assume when they name no culture.
    // The heap limit turns a big allocation into an OutOfMemoryException that the report can name.
    private static Dictionary<string, string> RuntimeSettings(TestLimits limits, string root) => new()
    {
        ["DOTNET_ROOT"] = root,
        ["LANG"] = "en_US.UTF-8",
        ["DOTNET_GCHeapHardLimit"] = (limits.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture),
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredPGO"] = "0",
        // Pages that are written and run through one mapping: the other way needs files in memory, which the sandbox refuses.
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_DbgEnableMiniDump"] = "0",
        ["DOTNET_NOLOGO"] = "1",
    };
}
