using System.Diagnostics;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The main job as a user runs it, in both topologies: one spec, two rows.</summary>
public sealed class DemoSpec(RealServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Demo_RunsTheWholeSystem_AndProvesIt(bool distributed)
    {
        if (distributed)
            servers.Kit.ShouldNotBeNull();
        var (exit, output, errors) = await RunAsync(distributed ? ["demo", "--json", "--distributed"] : ["demo", "--json"]);

        exit.ShouldBe(0, errors);
        var demo = JsonDocument.Parse(output).RootElement;
        demo.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        var jobs = demo.GetProperty("jobs").EnumerateArray().ToList();
        jobs.Count.ShouldBe(3);
        jobs.ShouldAllBe(job => job.GetProperty("state").GetString() == "succeeded" && job.GetProperty("tests_passed").GetBoolean(), errors);
        jobs[0].GetProperty("patterns_used").GetInt32().ShouldBeGreaterThan(0);
        jobs[1].GetProperty("attempts").GetInt32().ShouldBeGreaterThan(1);
        jobs[2].GetProperty("approach").GetString().ShouldBe("pattern");
        jobs[2].GetProperty("engine_calls").GetInt32().ShouldBe(0);
        demo.GetProperty("patterns_learned").GetInt32().ShouldBeGreaterThan(0);
        demo.GetProperty("campaign").GetProperty("posts").GetInt32().ShouldBe(200, errors);
        demo.GetProperty("campaign").GetProperty("matrix").GetArrayLength().ShouldBe(50);
        demo.GetProperty("optimisation").GetProperty("changes").GetArrayLength().ShouldBeGreaterThan(0, errors);
        demo.GetProperty("roi").GetProperty("simulated").GetBoolean().ShouldBeTrue();
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(string[] words)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        foreach (var word in words.Prepend(Path.Combine(AppContext.BaseDirectory, "platform.dll")))
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(Token);
            var errors = process.StandardError.ReadToEndAsync(Token);
            await process.WaitForExitAsync(Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
