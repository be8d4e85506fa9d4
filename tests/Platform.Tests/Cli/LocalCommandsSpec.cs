using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary>Commands that need no host: the document on standard output fits its schema, and the exit code says what came of it.</summary>
public sealed class LocalCommandsSpec : IDisposable
{
    private const string Sound = "public static class Sound\n{\n    public static int One() => 1;\n}\n";
    private const string Broken = "public static class Broken\n{\n    public static int One()\n    {\n        return 1\n    }\n}\n";
    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task ContentFit_SeveralPlatforms_GivesEachItsOwnVersion()
    {
        const string Text = "We are utilising a new lamp. It dims by itself. #lamp #light #desk #home #design #new";
        var one = (await _home.RunAsync("content", "fit", "--platform", "x", "--text", Text, "--json")).ShouldExit(0).Document.ShouldFit("content-fit");
        var many = (await _home.RunAsync("content", "fit", "--platform", "x,linkedin,x", "--text", Text, "--json")).ShouldExit(0).Document.ShouldFit("content-fit");

        one.GetProperty("parts").GetArrayLength().ShouldBe(1);
        many.GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("platform").GetString()).ShouldBe(["x", "linkedin"]);
        many.GetProperty("fits").EnumerateArray().ShouldAllBe(fit => fit.GetProperty("parts").GetArrayLength() == 1 && fit.GetProperty("steps").GetArrayLength() > 0);
        (await _home.RunAsync("content", "fit", "--platform", "x,nowhere", "--text", Text)).ShouldExit(2);
    }

    [Fact]
    public async Task Validate_SoundFile_IsSuccess()
    {
        var ran = (await _home.RunAsync("validate", _home.Write("Sound.cs", Sound), "--json")).ShouldExit(0);

        ran.Document.ShouldFit("validate").GetProperty("files")[0].GetProperty("syntax").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task Validate_BrokenFile_FailsAndPointsAtTheError()
    {
        var ran = (await _home.RunAsync("validate", _home.Write("Broken.cs", Broken), "--json")).ShouldExit(1);

        var found = ran.Document.ShouldFit("validate").GetProperty("files")[0].GetProperty("diagnostics")[0];
        (found.GetProperty("code").GetString(), found.GetProperty("line").GetInt32(), found.GetProperty("severity").GetString()).ShouldBe(("CS1002", 5, "error"));
    }

    [Fact]
    public async Task Validate_DangerousFile_FailsFromTheThresholdOn()
    {
        var path = _home.Write("Weak.cs", "public static class Weak\n{\n    public static byte[] Hash(byte[] b) => System.Security.Cryptography.MD5.HashData(b);\n}\n");

        var blocked = (await _home.RunAsync("validate", path, "--json")).ShouldExit(1).Document.ShouldFit("validate").GetProperty("files")[0].GetProperty("security")[0];
        (blocked.GetProperty("rule").GetString(), blocked.GetProperty("severity").GetString(), blocked.GetProperty("line").GetInt32(), blocked.GetProperty("cwe").GetString(), blocked.GetProperty("blocks").GetBoolean())
            .ShouldBe(("CA5351", "high", 3, "CWE-327", true));
        (await _home.RunAsync("validate", path, "--block", "none", "--json")).ShouldExit(0).Document.ShouldFit("validate");
    }

    [Fact]
    public async Task Fix_MissingSemicolon_ShowsTheDiffAndTheStep()
    {
        var ran = (await _home.RunAsync("fix", _home.Write("Broken.cs", Broken), "--json")).ShouldExit(0);

        var document = ran.Document.ShouldFit("fix");
        (document.GetProperty("fixed").GetBoolean(), document.GetProperty("errors_before").GetInt32(), document.GetProperty("errors_after").GetInt32()).ShouldBe((true, 1, 0));
        document.GetProperty("diff").GetString()!.ShouldContain("+        return 1;");
        document.GetProperty("steps")[0].GetProperty("source").GetString().ShouldBe("rule");
        File.ReadAllText(Path.Combine(_home.Folder, "Broken.cs")).ShouldBe(Broken);
    }

    [Fact]
    public async Task Fix_UnknownType_FailsAndSaysHowManyErrorsAreLeft()
    {
        var ran = (await _home.RunAsync("fix", _home.Write("Lost.cs", "public class Lost : Qzxvwk<int> { }\n"), "--json")).ShouldExit(1);

        ran.Document.ShouldFit("fix").GetProperty("errors_after").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ContentCheck_ShortAndLong_SayValidAndInvalid()
    {
        var good = (await _home.RunAsync("content", "check", "--platform", "x", "--text", "Hello", "--json")).ShouldExit(0).Document.ShouldFit("content-check");
        var bad = (await _home.RunAsync("content", "check", "--platform", "x", "--text", new string('a', 281), "--json")).ShouldExit(1).Document.ShouldFit("content-check");

        (good.GetProperty("valid").GetBoolean(), good.GetProperty("length").GetInt32(), good.GetProperty("limit").GetInt32()).ShouldBe((true, 5, 280));
        (bad.GetProperty("valid").GetBoolean(), bad.GetProperty("length").GetInt32(), bad.GetProperty("problems").GetArrayLength()).ShouldBe((false, 281, 1));
    }

    [Fact]
    public async Task ContentBatches_Lines_GiveOneDocumentEachWithItsId()
    {
        var file = _home.Write("posts.jsonl", """
            {"id":"p1","platform":"x","text":"We are happy to announce version 2."}
            {"id":2,"platform":"bluesky","text":"This is terrible and I hate it."}
            """);

        var checks = (await _home.RunAsync("content", "check", "--batch", file, "--json")).ShouldExit(0).Lines;
        var classes = (await _home.RunAsync("content", "classify", "--kind", "sentiment", "--batch", file, "--json")).ShouldExit(0).Lines;

        checks.Select(line => Id(line.ShouldFit("content-check"))).ShouldBe(["p1", "2"]);
        classes.Select(line => Id(line.ShouldFit("content-classify"))).ShouldBe(["p1", "2"]);
        checks.Select(line => line.GetProperty("platform").GetString()).ShouldBe(["x", "bluesky"]);
    }

    [Fact]
    public async Task ContentFit_LongText_GivesPartsThatCanBePosted()
    {
        var text = string.Concat(Enumerable.Repeat("Nine more words that say the same thing again. ", 12));

        var fit = (await _home.RunAsync("content", "fit", "--platform", "x", "--thread", "--text", text, "--json")).ShouldExit(0).Document.ShouldFit("content-fit");

        fit.GetProperty("parts").GetArrayLength().ShouldBeGreaterThan(1);
        fit.GetProperty("parts").EnumerateArray().ShouldAllBe(part => part.GetString()!.Length <= 280);
    }

    [Fact]
    public async Task ContentAdjustAudioVideo_Text_FitTheirSchemas()
    {
        var adjusted = (await _home.RunAsync("content", "adjust", "--platform", "x", "--tone", "formal", "--text", "We can't wait!", "--json")).ShouldExit(0).Document.ShouldFit("content-adjust");
        var spoken = (await _home.RunAsync("content", "audio", "--text", "We saved 20% in 2026.", "--json")).ShouldExit(0).Document.ShouldFit("content-audio");
        var script = (await _home.RunAsync("content", "video", "--text", "Do you read at night? Order today.", "--json")).ShouldExit(0).Document.ShouldFit("content-video");

        adjusted.GetProperty("text").GetString().ShouldBe("We cannot wait!");
        spoken.GetProperty("sentences")[0].GetString().ShouldBe("We saved twenty percent in twenty twenty-six.");
        script.GetProperty("scenes").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Roi_GivenFigures_FollowTheFormulas()
    {
        var ran = (await _home.RunAsync("roi", "--baseline-seconds", "72", "--seconds", "36", "--rate", "100", "--tasks-per-day", "50", "--json")).ShouldExit(0);

        var roi = ran.Document.ShouldFit("roi");
        Figure(roi, "time_saved_per_task_seconds").ShouldBe(36);
        Figure(roi, "daily_cost_savings").ShouldBe(50, 1e-6);
        Figure(roi, "weekly_cost_savings").ShouldBe(250, 1e-6);
        Figure(roi, "monthly_cost_savings").ShouldBe(1_100, 1e-6);
        Figure(roi, "annual_cost_savings").ShouldBe(13_000, 1e-6);
        Figure(roi, "speedup").ShouldBe(2);
        roi.GetProperty("baseline_source").GetString().ShouldBe("given");
    }

    [Theory]
    [InlineData("doctor", "doctor")]
    [InlineData("servers", "servers", "status")]
    public async Task Machine_Command_FitsItsSchema(string schema, params string[] words) =>
        (await _home.RunAsync([.. words, "--json"])).ShouldExit(0).Document.ShouldFit(schema);

    [Fact]
    public async Task Simulator_Started_SaysWhereItListens()
    {
        await using var simulator = _home.Start("simulator", "--port", "0");

        var line = JsonElement.Parse(await simulator.OutputLineAsync()).ShouldFit("simulator");

        new Uri(line.GetProperty("listening").GetString()!).IsLoopback.ShouldBeTrue();
    }

    private static string Id(JsonElement line) => line.GetProperty("id").GetString()!;

    private static double Figure(JsonElement document, string name) => document.GetProperty(name).GetDouble();
}
