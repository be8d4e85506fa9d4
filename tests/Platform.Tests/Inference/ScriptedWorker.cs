using Platform.Contracts;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>A worker whose engine gives scripted answers, and what specs of the test-and-fix loop share.</summary>
internal static class ScriptedWorker
{
    /// <summary>Code that is right.</summary>
    public const string Good = "public static class Greeter { public static string Run(string value) => value; }";

    /// <summary>Code that compiles and is wrong.</summary>
    public const string Wrong = "public static class Greeter { public static string Run(string value) => \\\"wrong\\\"; }";

    public static Task<WorkerProcess> StartAsync(params string[] answers) => StartWithAsync([], answers);

    public static Task<WorkerProcess> StartWithAsync(Dictionary<string, string?> settings, params string[] answers) => WorkerProcess.StartAsync(new SimulatorOptions
    {
        TokensPerSecond = 0,
        Script = Script(answers),
    }, settings);

    public static SimulatorScript Script(params string[] answers) =>
        SimulatorScript.Parse("rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Select(answer => $"  - text: \"{answer.Replace("\n", "\\n", StringComparison.Ordinal)}\"\n")));

    public static string Fenced(string code) => $"```csharp\\n{code}\\n```";

    public static GenerateRequest WithTests()
    {
        var request = Jobs.Code();
        request.Tests.Add(new SourceFile { Path = "GreeterTests.cs", Language = "csharp", Text = "public class GreeterTests { }" });
        return request;
    }

    public static JobResult Succeeded(ReportRequest report)
    {
        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        return report.Result;
    }
}
