using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary><c>platform tdd</c> on a folder, with a simulator that is wrong first.</summary>
public sealed class TddCommandSpec : IDisposable
{
    private const string Tests = "import unittest\nfrom leap import is_leap\n\n\nclass LeapTest(unittest.TestCase):\n    def test_century(self):\n        self.assertFalse(is_leap(1900))\n\n    def test_leap(self):\n        self.assertTrue(is_leap(2024))\n";
    private const string Wrong = "```python\\ndef is_leap(year):\\n    return year % 4 == 0\\n```";
    private const string Right = "```python\\ndef is_leap(year):\\n    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)\\n```";

    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Tdd_WrongFirst_TriesUntilTheTestsPass_AndAppliesWhatPassed()
    {
        await using var simulator = await StartAsync(Wrong, Right);
        Task("leap_test.py", Tests);

        var ran = await _home.RunAsync("tdd", "leap", "--apply", "--json");

        var result = ran.Document.ShouldFit("tdd");
        Assert.SkipWhen(result.GetProperty("tests").GetProperty("outcome").GetString() == "unchecked", "No sandbox or no python3 here.");
        ran.ShouldExit(0);
        result.GetProperty("passed").GetBoolean().ShouldBeTrue();
        result.GetProperty("attempts").GetInt32().ShouldBe(2);
        result.GetProperty("source").GetString().ShouldBe("engine");
        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, "leap/leap.py"))).ShouldContain("year % 400");
        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, "leap/leap.py.bak"))).ShouldContain("pass");
    }

    [Fact]
    public async Task Tdd_AppliedTwice_KeepsWhatTheUserHad()
    {
        await using var simulator = await StartAsync(Right);
        Task("leap_test.py", Tests);
        _home.Write("leap/leap.py.bak", "mine");

        var ran = await _home.RunAsync("tdd", "leap", "--apply", "--json");

        Assert.SkipWhen(ran.Document.GetProperty("tests").GetProperty("outcome").GetString() == "unchecked", "No sandbox or no python3 here.");
        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, "leap/leap.py.bak"))).ShouldBe("mine");
        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, "leap/leap.py.bak2"))).ShouldContain("pass");
    }

    [Fact]
    public async Task Tdd_NeverRight_FailsWithTheBestAttemptAndWhatFailed()
    {
        await using var simulator = await StartAsync(Wrong, "```python\\ndef is_leap(year):\\n    raise ValueError(year)\\n```");
        Task("leap_test.py", Tests);

        var ran = await _home.RunAsync("tdd", "leap", "--max-attempts", "2", "--json");

        var result = ran.Document.ShouldFit("tdd");
        Assert.SkipWhen(result.GetProperty("tests").GetProperty("outcome").GetString() == "unchecked", "No sandbox or no python3 here.");
        ran.ShouldExit(1);
        result.GetProperty("code").GetString()!.ShouldContain("year % 4 == 0", Case.Sensitive, "the first attempt passed one of two tests");
        result.GetProperty("failures").EnumerateArray().Single().GetProperty("name").GetString()!.ShouldContain("test_century");
    }

    [Fact]
    public async Task Tdd_WithoutTests_HasThemWrittenFirst()
    {
        await using var simulator = await StartAsync($"```python path=test_leap.py\\n{Tests.Replace("\n", "\\n", StringComparison.Ordinal)}```", Right);
        Task(null, "");

        var ran = await _home.RunAsync("tdd", "leap", "--json");

        var result = ran.Document.ShouldFit("tdd");
        Assert.SkipWhen(result.GetProperty("tests").GetProperty("outcome").GetString() == "unchecked", "No sandbox or no python3 here.");
        ran.ShouldExit(0);
        result.GetProperty("tests").GetProperty("trust").GetString().ShouldBe("generated");
    }

    [Fact]
    public async Task Tdd_FolderWithoutInstructions_SaysWhatIsMissing()
    {
        Directory.CreateDirectory(Path.Combine(_home.Folder, "empty"));

        (await _home.RunAsync("tdd", "empty")).ShouldExit(2).Errors.ShouldContain("instructions.md");
    }

    private void Task(string? testFile, string tests)
    {
        _home.Write("leap/instructions.md", "Write `is_leap(year)`: whether a year of the Gregorian calendar is a leap year.");
        _home.Write("leap/leap.py", "def is_leap(year):\n    pass\n");
        if (testFile is not null)
            _home.Write($"leap/{testFile}", tests);
    }

    private async Task<RunningCommand> StartAsync(params string[] answers)
    {
        var script = _home.Write("script.yaml", "rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Select(answer => $"  - text: \"{answer}\"\n")));
        var simulator = _home.Start("simulator", "--port", "0", "--script", script);
        var address = JsonElement.Parse(await simulator.OutputLineAsync()).GetProperty("listening").GetString()!;
        foreach (var (key, value) in new[] { ("BaseUrl", address), ("ApiKey", "simulated"), ("Simulated", "true") })
            _home.Environment[$"Engines__Cerebras__{key}"] = value;
        return simulator;
    }
}
