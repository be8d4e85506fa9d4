using System.IO.Compression;
using Platform.Contracts;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.Tests.Simulator;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>The tool loop: what tools see, what they refuse, what an engine never gets to see.</summary>
public sealed class McpApproachSpec
{
    private const string Final = "text: \"```csharp path=src/Shop.cs\\npublic class Shop { public int Open() => 1; }\\n```\"";
    private const string Planted = "AKIA1234567890ABCDEF";

    [Fact]
    public async Task Engine_LooksWithToolsAndAnswersWithADiff()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: src/Shop.cs}}
              - {name: dependency_analyzer, arguments: {path: src/Shop.cs}}
            - tools:
              - {name: code_validator, arguments: {path: src/Shop.cs, code: "public class Shop { int x = \"a\"; }"}}
              - {name: pattern_search, arguments: {query: opening hours}}
            - {{{Final}}}
            """);
        worker.Backends.Memory.Found = new SearchReply { Results = { new PatternHit { Project = "p", Path = "hours.cs", StartLine = 3, Text = "class Hours { }" } } };
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "using System;\npublic class Shop { }\n"), ("src/Till.cs", "public class Till { Shop shop = new(); }"));

        var report = await worker.RunAsync(Request(), Approaches.Mcp);

        var result = Succeeded(report);
        result.Approach.ShouldBe(Approaches.Mcp);
        result.EngineCalls.ShouldBe(3);
        result.Tools.Select(tool => (tool.Name, tool.Failed)).ShouldBe(
            [("file_reader", false), ("dependency_analyzer", false), ("code_validator", false), ("pattern_search", false)], ignoreOrder: true);
        result.Files.Single().Diff.ShouldContain("-public class Shop { }");
        var last = worker.Simulator.Calls[^1].Prompt;
        last.ShouldContain("src/Till.cs (Shop)");
        last.ShouldContain("CS0029");
        last.ShouldContain("class Hours");
        report.Events.Concat(worker.Backends.Ledger.Renewals.SelectMany(renewal => renewal.Events)).Count(said => said.ToolCall is not null).ShouldBe(4);
    }

    [Theory]
    [InlineData("../outside.cs")]
    [InlineData("/etc/passwd")]
    [InlineData("src/../../x")]
    [InlineData(".env")]
    [InlineData("keys/server.pem")]
    [InlineData(".platform/platform.db")]
    public async Task Tools_SeeNothingOutsideAndNoSecrets(string path)
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: "{{{path}}}"}}
            - {{{Final}}}
            """);
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"), (".env", $"KEY={Planted}"), ("keys/server.pem", Planted), (".platform/platform.db", Planted));

        var result = Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        result.Tools.Single().Failed.ShouldBeTrue();
        worker.Simulator.Calls.ShouldAllBe(call => !call.Body.Contains(Planted));
    }

    [Fact]
    public async Task SecretInAWorkspaceFile_NeverReachesAnEngine()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: src/Settings.cs}}
            - {{{Final}}}
            """);
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"), ("src/Settings.cs", $"class Settings {{ string key = \"{Planted}\"; string password = \"hunter2secret9\"; }}"));

        Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        worker.Simulator.Calls.ShouldAllBe(call => !call.Body.Contains(Planted) && !call.Body.Contains("hunter2secret9"));
        worker.Simulator.Calls[^1].Prompt.ShouldContain("[secret removed]");
    }

    [Fact]
    public async Task LinksInAWorkspaceFolder_LeadNowhere()
    {
        var outside = Directory.CreateTempSubdirectory("outside-");
        var folder = Directory.CreateTempSubdirectory("workspace-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "diary.txt"), "what nobody else may read", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "Shop.cs"), "public class Shop { }", TestContext.Current.CancellationToken);
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "diary.txt"), Path.Combine(outside.FullName, "diary.txt"));
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "up"), outside.FullName);
            await using var worker = await StartAsync($$$"""
                - tools:
                  - {name: file_reader, arguments: {path: diary.txt}}
                  - {name: file_reader, arguments: {path: up/diary.txt}}
                  - {name: file_reader, arguments: {path: Shop.cs}}
                - {{{Final}}}
                """);
            var request = Request();
            (request.WorkspaceId, request.WorkspacePath) = ("", folder.FullName);

            var result = Succeeded(await worker.RunAsync(request, Approaches.Mcp));

            result.Tools.Select(tool => tool.Failed).ShouldBe([true, true, false], ignoreOrder: true);
            worker.Simulator.Calls.ShouldAllBe(call => !call.Body.Contains("nobody else may read"));
        }
        finally
        {
            Directory.Delete(folder.FullName, recursive: true);
            Directory.Delete(outside.FullName, recursive: true);
        }
    }

    [Fact]
    public async Task InventedTool_IsAnsweredWithTheToolsThatExist()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: run_shell, arguments: {command: rm}}
            - {{{Final}}}
            """);
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"));

        Succeeded(await worker.RunAsync(Request(), Approaches.Mcp)).Tools.Single().Failed.ShouldBeTrue();
        worker.Simulator.Calls[^1].Prompt.ShouldContain("there is no tool 'run_shell'");
    }

    [Fact]
    public async Task EngineThatNeverStopsAsking_IsStopped()
    {
        await using var worker = await StartAsync("- tools:\n  - {name: file_reader, arguments: {path: src/Shop.cs}}", new() { ["Inference:Tools:MaxTurns"] = "3" });
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"));

        var report = await worker.RunAsync(Request(), Approaches.Mcp);

        report.State.ShouldBe(JobStates.Failed);
        report.Failure.Message.ShouldContain("Inference:Tools:MaxTurns");
        worker.Simulator.TotalCalls.ShouldBe(3);
    }

    [Fact]
    public async Task ToolCallsOverTheLimit_AreRefused_AndTheAnswerIsAskedFor()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: src/Shop.cs}}
              - {name: file_reader, arguments: {path: src/Shop.cs}}
              - {name: file_reader, arguments: {path: src/Shop.cs}}
            - {{{Final}}}
            """, new() { ["Inference:Tools:MaxCalls"] = "2" });
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"));

        var result = Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        result.Tools.Count(tool => !tool.Failed).ShouldBe(2);
        worker.Simulator.Calls[^1].Prompt.ShouldContain("Give the final answer now");
    }

    [Fact]
    public async Task CharactersOfAllResultsOverTheLimit_TakeTheToolsAway()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: src/Shop.cs}}
            - {{{Final}}}
            """, new() { ["Inference:Tools:MaxTotalCharacters"] = "100" });
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }" + new string(' ', 200)));

        Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        worker.Simulator.Calls[0].Body.ShouldNotContain("\"tool_choice\":\"none\"");
        worker.Simulator.Calls[^1].Body.ShouldContain("\"tool_choice\":\"none\"");
    }

    [Fact]
    public async Task LargeResult_IsCutAndSaysSo()
    {
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: file_reader, arguments: {path: src/Big.cs}}
            - {{{Final}}}
            """, new() { ["Inference:Tools:MaxResultCharacters"] = "1000" });
        worker.Backends.Ledger.Workspace = Bundle(("src/Big.cs", "// " + new string('x', 50_000)), ("src/Shop.cs", "public class Shop { }"));

        Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        worker.Simulator.Calls[^1].Prompt.ShouldContain("more characters; ask for a smaller part");
        worker.Simulator.Calls[^1].Prompt.Length.ShouldBeLessThan(10_000);
    }

    [Fact]
    public async Task OperatorsServer_WrittenByOthers_GivesItsTools_SeesNoKeys_AndIsStartedAgainWhenItDied()
    {
        var folder = NodeScripts.Folder("@modelcontextprotocol/sdk");
        await using var worker = await StartAsync($$$"""
            - tools:
              - {name: desk_echo, arguments: {text: Größe}}
              - {name: desk_environment, arguments: {}}
            - {{{Final}}}
            - tools:
              - {name: desk_crash, arguments: {}}
            - {{{Final}}}
            - tools:
              - {name: desk_echo, arguments: {text: again}}
            - {{{Final}}}
            """, new()
        {
            ["Inference:McpServers:desk:Command"] = "node",
            ["Inference:McpServers:desk:Arguments:0"] = Path.Combine(folder, "mcp-server.mjs"),
            ["Inference:McpServers:desk:Environment:DESK_COLOUR"] = "green",
        });
        worker.Backends.Ledger.Workspace = Bundle(("src/Shop.cs", "public class Shop { }"));

        var first = Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));
        var second = Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));
        var third = Succeeded(await worker.RunAsync(Request(), Approaches.Mcp));

        first.Tools.Single(tool => tool.Name == "desk_echo").Result.ShouldBe("you said Größe");
        var environment = first.Tools.Single(tool => tool.Name == "desk_environment").Result;
        environment.ShouldContain("DESK_COLOUR");
        environment.ShouldNotContain("Engines");
        second.Tools.Single().Failed.ShouldBeTrue();
        third.Tools.Single().Result.ShouldBe("you said again");
    }

    private static Task<WorkerProcess> StartAsync(string answers, Dictionary<string, string?>? settings = null) => WorkerProcess.StartAsync(new SimulatorOptions
    {
        TokensPerSecond = 0,
        // Tool turns end with a tool message: the rule matches whatever the last user message is.
        Script = SimulatorScript.Parse("rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Split('\n').Select(line => $"  {line}\n"))),
    }, settings);

    private static GenerateRequest Request() => new() { Task = "Let the shop open.", Language = "csharp", WorkspaceId = "sha256:abc" };

    private static byte[] Bundle(params (string Path, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(path).Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }

    private static JobResult Succeeded(ReportRequest report)
    {
        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        return report.Result;
    }
}
