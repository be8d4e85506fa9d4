using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>The Node that stays: it says what <c>node --check</c> says, and what one file does to it the next does not feel.</summary>
public sealed class NodeWorkerSpec
{
    private const string Deep = "<deep>";
    private const string Long = "<long>";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void NeedsNode() => Assert.SkipWhen(Tool.Find("node") is null, "node is not installed");

    [Theory]
    [InlineData("a.cjs", "let x = 1;\n")]
    [InlineData("a.cjs", "#!/usr/bin/env node\nlet x = 1;\n")]
    [InlineData("a.mjs", "#!/usr/bin/env node\nlet x = ;\n")]
    [InlineData("a.cjs", "\uFEFFlet x = ;\n")]
    [InlineData("a.mjs", "\uFEFFlet x = 1;\n")]
    [InlineData("a.cjs", "\uFEFF#!/usr/bin/env node\nlet x = 1;\n")]
    [InlineData("a.mjs", "\uFEFF#!/usr/bin/env node\nlet x = 1;\n")]
    [InlineData("a.cjs", "await f();\n")]
    [InlineData("a.mjs", "await f();\n")]
    [InlineData("a.cjs", "return 1;\n")]
    [InlineData("a.mjs", "return 1;\n")]
    [InlineData("a.cjs", "export const a = 1;\n")]
    [InlineData("a.mjs", "export const a = 1;\nexport const a = 2;\n")]
    [InlineData("a.mjs", "export { a };\n")]
    [InlineData("a.mjs", "import x from './a.json' with { type: 'json' };\n")]
    [InlineData("a.cjs", "import x from './a.json' with { type: 'json' };\n")]
    [InlineData("a.cjs", "let a = '\u2028';\nlet b = ;\n")]
    [InlineData("a.mjs", "let a\u2028let a\n")]
    [InlineData("a.cjs", "\t\tlet x = ;\n")]
    [InlineData("a.mjs", "let a;\r\nlet b = ;\r\n")]
    [InlineData("a.cjs", "<!-- an old comment\n")]
    [InlineData("a.mjs", "<!-- an old comment\n")]
    [InlineData("a.cjs", "with (a) { b; }\n")]
    [InlineData("a.mjs", "with (a) { b; }\n")]
    [InlineData("a.cjs", "}); f(); (function () {\n")]
    [InlineData("a.cjs", "const s = 'abc;\nf(s);\n")]
    [InlineData("a.mjs", "const s = `abc;\nf(s);\n")]
    [InlineData("a.cjs", "f(/[/);\n")]
    [InlineData("a.cjs", "class A { constructor() {} constructor() {} }\n")]
    [InlineData("a.cjs", "let exports = 1;\n")]
    [InlineData("a.cjs", "function f(x {\n  return x;\n}\n")]
    [InlineData("a.cjs", "")]
    [InlineData("a.cjs", "\0")]
    [InlineData("a.cjs", Deep)]
    [InlineData("a.mjs", Deep)]
    [InlineData("a.cjs", Long)]
    [InlineData("a.mjs", Long)]
    public async Task Check_AnyFile_IsWhatNodeSaysOfIt(string path, string text)
    {
        NeedsNode();
        var whole = text switch
        {
            Deep => new string('(', 10_000) + new string(')', 10_000),
            Long => "let a = 1;\n" + new string('x', 30_000) + " y\n",
            _ => text,
        };

        var verdict = (await new JavaScriptChecker(new ValidationOptions()).CheckAsync([SourceFile.FromPath(path, whole)], Token)).Single();

        var (state, place) = await NodeAsync(path, whole);
        verdict.State.ShouldBe(state);
        verdict.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => $"{d.Line},{d.Column}: {d.Code}: {d.Message}").ShouldBe(place is null ? [] : [place]);
    }

    [Theory]
    [InlineData("a.js", "import x from 'y';\n", true)]
    [InlineData("a.js", "  export default 1;\n", true)]
    [InlineData("a.js", "const x = await import('y');\n", true)]
    [InlineData("a.js", "async function f() {\n  const x = await import('y');\n}\n", false)]
    [InlineData("a.js", "import('y').then(f);\n", false)]
    [InlineData("a.js", "const s = `\nimport x from 'y';\n`;\n", false)]
    [InlineData("a.js", "/*\nimport x from 'y';\n*/\nconst x = 1;\n", false)]
    [InlineData("a.cjs", "import x from 'y';\n", false)]
    [InlineData("a.mjs", "const x = 1;\n", true)]
    public void IsModule_EachForm_IsKnown(string path, string text, bool expected) => ScriptForm.IsModule(SourceFile.FromPath(path, text)).ShouldBe(expected);

    [Fact]
    public async Task Check_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        NeedsNode();
        var validator = new CodeValidator(new ValidationOptions());
        var reports = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => validator.ValidateAsync([SourceFile.FromPath("a.js", n % 2 == 0 ? $"const x = {n};\n" : $"const x = {n};\nf(;\n")], Token)));

        reports.Select(r => r.Ok).ShouldBe(Enumerable.Range(0, 40).Select(n => n % 2 == 0));
    }

    [Fact]
    public async Task Check_FilesThatBreakTheParser_HurtNobodyElse()
    {
        NeedsNode();
        var checker = new JavaScriptChecker(new ValidationOptions());
        var (deep, wide) = (new string('[', 200_000), new string('x', 1 << 20) + " y\n");
        var verdicts = await checker.CheckAsync([SourceFile.FromPath("deep.js", deep), SourceFile.FromPath("wide.mjs", wide), SourceFile.FromPath("page.jsx", "<a/>"), SourceFile.FromPath("bad.js", "f(;\n"), SourceFile.FromPath("good.js", "f();\n")], Token);

        verdicts.Select(v => v.State).ShouldBe([SyntaxState.Unchecked, SyntaxState.Error, SyntaxState.Unchecked, SyntaxState.Error, SyntaxState.Ok]);
    }

    [Fact]
    public async Task Check_Code_IsNeverRun()
    {
        NeedsNode();
        var checker = new JavaScriptChecker(new ValidationOptions());
        var verdicts = await checker.CheckAsync([SourceFile.FromPath("a.cjs", "process.exit(3);\n"), SourceFile.FromPath("a.mjs", "await process.exit(3);\nimport './nowhere.js';\n")], Token);

        verdicts.ShouldAllBe(v => v.State == SyntaxState.Ok);
    }

    [Fact]
    public async Task AskAsync_Timeout_IsSaidAndTheNextAnswerIsRight()
    {
        NeedsNode();
        var question = new[] { new { text = "close();\n", module = false } };
        var waiting = Enumerable.Range(0, 8).Select(_ => ScriptWorkers.Node.AskAsync("check", question, new ValidationOptions(), Token)).ToList();
        var slow = await ScriptWorkers.Node.AskAsync("check", question, new ValidationOptions { ToolTimeout = TimeSpan.Zero }, Token);

        (slow.Json, slow.Problem).ShouldBe((null, "timed out"));
        foreach (var answer in await Task.WhenAll(waiting))
            answer.Json.ShouldBe("""[{"error":null,"unknown":[]}]""");
    }

    [Fact]
    public async Task AskAsync_QuestionItCannotAnswer_IsAProblemInWords()
    {
        NeedsNode();
        var answer = await ScriptWorkers.Node.AskAsync("parse", new { nonsense = 1 }, new ValidationOptions(), Token);

        answer.Json.ShouldBeNull();
        answer.Problem.ShouldNotBeNull().ShouldStartWith("failed: TypeError");
    }

    [Fact]
    public async Task AskAsync_WorkerThatWasKilled_IsAProblemInWords()
    {
        NeedsNode();
        using var worker = await ScriptWorker.StartAsync(WorkerKind.Node with { Command = _ => new ChildCommand("/bin/sh", ["-c", "kill -9 $$"]) }, "node");

        (await worker.AskAsync("check", new object[0], Token)).Problem.ShouldBe("failed with exit code 137");
    }

    [Theory]
    [InlineData("/bin/false", "failed with exit code 1")]
    [InlineData("/nowhere/node", "cannot be started")]
    public async Task AskAsync_WorkerThatDiesAtItsStart_IsAProblemInWords(string program, string expected)
    {
        Assert.SkipUnless(File.Exists("/bin/false"), "there is no /bin/false");
        var workers = new ScriptWorkers(WorkerKind.Python with { Program = "sh", Command = _ => new ChildCommand(program, []) });

        var answer = await workers.AskAsync("check", new[] { new { path = "a.py", text = "x = 1\n" } }, new ValidationOptions(), Token);

        answer.Json.ShouldBeNull();
        answer.Problem.ShouldNotBeNull().ShouldStartWith(expected);
    }

    [Fact]
    public async Task Worker_AfterAnAnswer_WaitsForTheNext()
    {
        NeedsNode();
        using var worker = await ScriptWorker.StartAsync(WorkerKind.Node, Tool.Find("node")!);
        var texts = Enumerable.Range(0, 1_500).Select(n => string.Concat(Enumerable.Repeat($"function f{n}(a) {{ return a + {n}; }}\n", 200)));
        (await worker.AskAsync("parse", new { texts, module = true }, Token)).IsTired.ShouldBeFalse();
        (await worker.AskAsync("check", new[] { new { text = "f(;\n", module = false } }, Token)).Json.ShouldNotBeNull().ShouldContain("\"line\":1,\"column\":3");

        worker.HasEnded.ShouldBeFalse();
    }

    private static async Task<(SyntaxState State, string? Place)> NodeAsync(string path, string text)
    {
        using var folder = new InputFolder(Path.GetTempPath(), new Dictionary<string, byte[]> { [path] = System.Text.Encoding.UTF8.GetBytes(text) });
        var node = Tool.Find("node")!;
        var result = await ChildProcess.RunAsync(new ChildCommand(node, ["--check", path]) { Folder = folder.Path, Environment = CommandChecker.Environment(node) }, CommandChecker.Limits(new ValidationOptions()), Token);
        if (result.ExitCode == 0)
            return (SyntaxState.Ok, null);
        // Warnings may stand before it.
        string[] lines = [.. result.Error.Split('\n').SkipWhile(l => !l.StartsWith(Path.Combine(folder.Path, path) + ":", StringComparison.Ordinal))];
        if (lines.Length == 0)
            return (SyntaxState.Unchecked, null);
        var caret = lines[2].TrimStart(' ', '\t').StartsWith('^') ? lines[2].IndexOf('^') + 1 : 0;
        return (SyntaxState.Error, $"{lines[0][(lines[0].LastIndexOf(':') + 1)..]},{caret}: {lines.First(l => l.StartsWith("SyntaxError: ", StringComparison.Ordinal))}");
    }
}
