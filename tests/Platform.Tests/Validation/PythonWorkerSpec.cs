using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>The running interpreter: what one file does to it the next must not feel.</summary>
public sealed class PythonWorkerSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void NeedsPython() => Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed");

    [Fact]
    public async Task AskAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        NeedsPython();
        var validator = new CodeValidator(new ValidationOptions());
        var reports = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => validator.ValidateAsync([SourceFile.FromPath("a.py", n % 2 == 0 ? $"x = {n}\n" : $"x = {n}\ndef f(:\n")], Token)));

        reports.Select(r => r.Ok).ShouldBe(Enumerable.Range(0, 40).Select(n => n % 2 == 0));
    }

    [Fact]
    public async Task AskAsync_FileThatBreaksTheInterpreter_HurtsNobodyElse()
    {
        NeedsPython();
        var scanner = new SecurityScanner(new ValidationOptions());
        var deep = new string('(', 5_000) + new string(')', 5_000) + "\n";
        var large = "x = [" + string.Concat(Enumerable.Repeat("[],", 300_000)) + "]\n";
        foreach (var text in new[] { deep, large, "x = '\ud800'\n", "\0" })
            (await scanner.ScanAsync([SourceFile.FromPath("bad.py", text)], Token)).Count.ShouldBe(1);

        (await scanner.ScanAsync([SourceFile.FromPath("good.py", "import pickle\npickle.loads(b'')\n")], Token)).Single().Findings.ShouldContain(f => f.Rule == "B301");
    }

    [Fact]
    public async Task AskAsync_Timeout_IsSaidAndTheNextAnswerIsRight()
    {
        NeedsPython();
        var slow = await ScriptWorkers.Python.AskAsync("check", new[] { new { path = "a.py", text = "x = 1\n" } }, new ValidationOptions { ToolTimeout = TimeSpan.Zero }, Token);
        var right = await ScriptWorkers.Python.AskAsync("check", new[] { new { path = "a.py", text = "x = 1\n" } }, new ValidationOptions(), Token);

        (slow.Json, slow.Problem).ShouldBe((null, "timed out"));
        right.Json.ShouldBe("[[]]");
    }

    [Fact]
    public async Task AskAsync_QuestionItCannotAnswer_IsAProblemInWords()
    {
        NeedsPython();
        var answer = await ScriptWorkers.Python.AskAsync("fix", new { nonsense = 1 }, new ValidationOptions(), Token);

        answer.Json.ShouldBeNull();
        answer.Problem.ShouldNotBeNull().ShouldStartWith("failed: TypeError");
    }

    [Fact]
    public async Task Worker_AfterAnAnswer_WaitsForTheNext()
    {
        NeedsPython();
        // A worker's memory is its own: the highest mark that the system reports begins with that of the process that starts it.
        var ballast = new byte[400 << 20];
        Array.Fill(ballast, (byte)1);
        using var worker = await ScriptWorker.StartAsync(WorkerKind.Python, Tool.Find("python3")!);
        (await worker.AskAsync("check", new[] { new { path = "a.py", text = "x = 1\n" } }, Token)).Json.ShouldBe("[[]]");
        (await worker.AskAsync("check", new[] { new { path = "a.py", text = "x = 2\n" } }, Token)).Json.ShouldBe("[[]]");

        worker.HasEnded.ShouldBeFalse();
        GC.KeepAlive(ballast);
    }
}
