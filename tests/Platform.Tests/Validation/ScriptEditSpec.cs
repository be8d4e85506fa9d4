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

    private static TestReport Failed(string message) => new(TestOutcome.Failed, 0, 1, [new TestCase("one", false, message, 1)], "", null, 1);
}
