using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Edits of long and odd scripts cost what was set aside for them.</summary>
public sealed class ScriptEditSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeepAsync_ThousandsOfEditsOfALongFile_WritesFewOfThem()
    {
        var file = SourceFile.FromPath("a.ts", new string('x', 200_000));
        var written = 0;
        var edits = Enumerable.Range(0, 5_000).Select(n => new ScriptEdit(file.Path, () => $"{++written}{file.Text}", "an edit", "why", n % 7));

        var kept = await ScriptParser.KeepAsync(file, 1, edits, new ValidationOptions(), Token);

        kept.Count.ShouldBeInRange(20, 100);
        written.ShouldBe(kept.Count);
        kept.ShouldAllBe(c => c.Cost == 0);
    }

    [Fact]
    public void Templates_ManyOpenOnes_AreLimited()
    {
        var lines = Enumerable.Repeat("const a = `one + two;", 5_000).ToArray();

        ScriptEdits.Templates(SourceFile.FromPath("a.js", string.Join('\n', lines)), lines).Count().ShouldBe(500);
    }

    [Fact]
    public async Task KeepAsync_ParserWithoutTime_KeepsNoGuesses()
    {
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        var file = SourceFile.FromPath("a.js", "f(;\n");

        (await ScriptParser.KeepAsync(file, 1, [new ScriptEdit(file.Path, () => "f();\n", "an edit", "why", 1)], new ValidationOptions { ToolTimeout = TimeSpan.Zero }, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ProposeAsync_LineThatPatternsTakeTooLongOn_GivesNothing()
    {
        var file = SourceFile.FromPath("a.js", string.Concat(Enumerable.Repeat("if a ", 40_000)) + "\n");

        (await new RuleFixSource(new ValidationOptions()).ProposeAsync(new FixContext([file], file, new CodeDiagnostic("SyntaxError", 1, 4, "Unexpected identifier 'a'", Severity.Error)), Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AttributeError", "AttributeError: 'Paint' object has no attribute 'colour'", "class Paint:\n    def color(self):\n        return 'the color'  # a color\n", "    def colour(self):\n        return 'the color'  # a color\n")]
    [InlineData("ImportError", "ImportError: cannot import name 'mix_colour' from 'paints'", "def mix_color():\n    return 'mix_color'\n\n\nmix_color()\n", "def mix_colour():\n    return 'mix_color'\n\n\nmix_colour()\n")]
    public async Task Python_NameInTexts_StaysWhenTheNameChanges(string code, string message, string text, string expected)
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed.");
        var file = SourceFile.FromPath("paints.py", text);

        var proposed = await PythonFixes.ProposeAsync(new FixContext([file], file, new CodeDiagnostic(code, 0, 0, message, Severity.Error)), new ValidationOptions(), Token);

        proposed.ShouldContain(c => c.Text.EndsWith(expected, StringComparison.Ordinal), string.Join('\n', proposed.Select(c => c.Text)));
    }

    [Fact]
    public void Faults_OneMessageInTwoForms_IsOne() =>
        RuntimeFaults.In(Failed("TypeError: Assignment to constant variable.")).ShouldBe(["TypeError: Assignment to constant variable"]);

    [Fact]
    public void Faults_FailureWithoutACause_IsNotLearned()
    {
        var state = new FixState([SourceFile.FromPath("a.js", "")], new FaultList([], 0, WithTests: true), [], 0) { Tests = Failed("2 == 3") };

        var code = RuntimeFaults.Of(state)!.Faults.Single().Error.Code;

        new FixStep("", "", "rule", "") { Code = code }.Teaches.ShouldBeFalse();
        new FixStep("", "", "rule", "") { Code = "TypeError" }.Teaches.ShouldBeTrue();
    }

    [Fact]
    public void Faults_OfManyFiles_AreThoseThatTheMessageIsAbout()
    {
        SourceFile[] files = [.. "abcdefgh".Select(c => SourceFile.FromPath($"{c}.py", c == 'g' ? "import c\nc.Stack().pus(1)\n" : c == 'c' ? "class Stack:\n    pass\n" : "x = 'push'\n")), SourceFile.FromPath("pus.js", "pus();\n")];
        var state = new FixState(files, new FaultList([], 0, WithTests: true), [], 0) { Tests = Failed("AttributeError: 'Stack' object has no attribute 'pus'") };

        RuntimeFaults.Of(state)!.Faults.Select(f => f.Path).ShouldBe(["g.py", "c.py"]);
        RuntimeFaults.Of(state, "javascript")!.Faults.ShouldAllBe(f => f.Path == "pus.js");
    }

    [Fact]
    public void Faults_TraceOfTheRun_GivesTheLine()
    {
        SourceFile[] files = [SourceFile.FromPath("a.py", "import b\n"), SourceFile.FromPath("b.py", "def f():\n    return xs\n\n\nf()\n")];
        const string output = "Traceback (most recent call last):\n  File \"/run/a.py\", line 1, in <module>\n    import b\n  File \"/run/b.py\", line 2, in f\n    return xs\nNameError: name 'xs' is not defined\n";
        var state = new FixState(files, new FaultList([], 0, WithTests: true), [], 0) { Tests = Failed("") with { Output = output } };

        var (path, error) = RuntimeFaults.Of(state)!.Faults[0];

        (path, error.Line, error.Code).ShouldBe(("b.py", 2, "NameError"));
    }

    [Fact]
    public void Replace_MatchesInTextsAndComments_Stay() =>
        CodeMask.Replace("a; 'a' // a\n`a ${a + `${a}`} a` /* a */ a", new System.Text.RegularExpressions.Regex("a"), "b").ShouldBe("b; 'a' // a\n`a ${b + `${b}`} a` /* a */ b");

    [Fact]
    public async Task Python_LongFileInAnotherScript_StillHasItsFixes()
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed.");
        var file = SourceFile.FromPath("a.py", string.Concat(Enumerable.Repeat("# \u4F60\u597D \U0001F600\n", 60_000)) + "def f(x)\n    return x\n");

        var proposed = await PythonFixes.ProposeAsync(new FixContext([file], file, new CodeDiagnostic("SyntaxError", 60_001, 9, "expected ':'", Severity.Error)), new ValidationOptions(), Token);

        proposed.ShouldContain(c => c.Text == file.Text.Replace("def f(x)\n", "def f(x):\n", StringComparison.Ordinal));
    }

    private static TestReport Failed(string message) => new(TestOutcome.Failed, 0, 1, [new TestCase("one", false, message, 1)], "", null, 1);
}
