using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Rule fixes on Python and JavaScript, checked by their own parsers.</summary>
public sealed class ScriptFixSpec
{
    private static readonly FixEngine Engine = new(new CodeValidator(new ValidationOptions()));

    private static Task<FixResult> FixAsync(string path, string code) =>
        Engine.FixAsync(new FixRequest([SourceFile.FromPath(path, code)]), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("def f(x)\n    return x\n", "def f(x):")]
    [InlineData("def f(xs):\n    return len(xs\n\nprint(f([1]))\n", "return len(xs)")]
    [InlineData("x = \"abc\nprint(x)\n", "x = \"abc\"")]
    [InlineData("print \"hi\"\n", "print(\"hi\")")]
    [InlineData("def f():\nreturn 1\n", "    return 1")]
    [InlineData("def f():\n    x = 1\n\treturn x\n", "    return x")]
    [InlineData("x = true\n", "x = True")]
    [InlineData("x = none\n", "x = None")]
    [InlineData("name = \"a\"\nprint(f\"hello {name\")\n", "{name}")]
    [InlineData("def f(n):\n    return math.sqrt(n)\n", "import math")]
    [InlineData("d = defaultdict(list)\n", "from collections import defaultdict")]
    [InlineData("def f(items):\n    return len(itmes)\n", "len(items)")]
    [InlineData("x = [1]\nx.apend(2)\n", "x.append(2)")]
    [InlineData("import math\nprint(math.sqroot(2))\n", "math.sqrt(2)")]
    [InlineData("class A:\n    def __init__(self):\n        self.n = 1\n    def m():\n        return self.n\n", "def m(self):")]
    [InlineData("for i range(3):\n    print(i)\n", "for i in range(3):")]
    [InlineData("x = 1\nif x = 3:\n    pass\n", "if x == 3:")]
    [InlineData("def f(a):\n    if a && True:\n        return 1\n", "if a  and  True:")]
    [InlineData("```python\ndef f():\n    return 1\n```\n", "def f():\n    return 1")]
    [InlineData("Here is the code:\n\ndef f():\n    return 1\n", "# Here is the code:")]
    [InlineData("def addtwoself, n):\n    return self + n\n\nself = 1\n", "def addtwo(self, n):")]
    [InlineData("x = [\"a']\n", "['a']")]
    [InlineData("def f():\n    return 1 // the answer\n", "return 1  # the answer")]
    [InlineData("def f():\n    found == []\n    found.append(1)\n    return found\n", "found = []")]
    [InlineData("def f():\n    await g()\nasync def g():\n    pass\n", "async def f():")]
    public async Task FixAsync_PythonSlip_IsFixed(string code, string expected)
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed.");
        var result = await FixAsync("a.py", code);

        result.Fixed.ShouldBeTrue(result.Diff + string.Join('\n', result.Steps));
        result.ErrorsBefore.ShouldBeGreaterThan(0);
        result.Files[0].Text.ShouldContain(expected);
        result.Steps.ShouldAllBe(s => s.Source == "rule" && s.Explanation.Length > 20);
    }

    [Theory]
    [InlineData("function f(x {\n  return x;\n}\n", "f(x) {")]
    [InlineData("function f(x) {\n  return [1, 2;\n}\n", "[1, 2];")]
    [InlineData("function f(x) {\n  if (x) {\n    return 1;\n  return 2;\n}\n", "  }\n  return 2;")]
    [InlineData("const x = \"abc;\nconsole.log(x);\n", "\"abc\";")]
    [InlineData("fucntion f(x) {\n  return x;\n}\n", "function f(x)")]
    [InlineData("function f() {\n  const x = await g();\n  return x;\n}\nasync function g() {}\n", "async function f()")]
    [InlineData("function f(x) {\n  if x > 1 {\n    return 2;\n  }\n}\n", "if (x > 1) {")]
    [InlineData("foreach (const x of [1]) {\n  console.log(x);\n}\n", "for (const x of [1])")]
    [InlineData("function f(items) {\n  return itmes.length; // not itmes\n}\n", "return items.length; // not itmes")]
    [InlineData("function f(name) {\n  return `${nmae}: ${'nmae'} nmae`;\n}\n", "`${name}: ${'nmae'} nmae`")]
    [InlineData("function f(a) {\n  print(a);\n}\n", "console.log(a)")]
    [InlineData("class A {\n  constructor() {\n    this.size = 1;\n  }\n  more() {\n    size += 1;\n  }\n}\n", "this.size += 1")]
    [InlineData("class A {\n  m(xs) {\n    total = 0;\n    for (const x of xs) total += x;\n    return total;\n  }\n}\n", "let total = 0;")]
    [InlineData("const f = (p) => readFileSync(p);\nmodule.exports = { f };\n", "require('node:fs')")]
    [InlineData("function f(a) {\n  const s = '#fff';\n  # the colour -> s\n  return a and s;\n}\n", "'#fff';\n  // the colour -> s\n  return a && s;")]
    public async Task FixAsync_JavaScriptSlip_IsFixed(string code, string expected)
    {
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        var result = await FixAsync("a.js", code);

        result.Fixed.ShouldBeTrue(result.Diff + string.Join('\n', result.Steps));
        result.Files[0].Text.ShouldContain(expected);
    }

    [Theory]
    [InlineData("a.py", "def double(n):\n    return doubel_it(n)\n\n\ndef double_it(n):\n    return n * 2\n", "t.py", "assert double(2) == 4\n", "double_it(n)")]
    [InlineData("a.js", "function last(xs) {\n  return path.basename(xs.joined('/'));\n}\nmodule.exports = { last };\n", "a.test.js", "const test = require('node:test');\nconst assert = require('node:assert');\nconst { last } = require('./a.js');\ntest('last', () => assert.equal(last(['a', 'b']), 'b'));\n", "xs.join('/')")]
    public async Task FixAsync_FailingTests_ShowUnknownNames(string path, string code, string testPath, string tests, string expected)
    {
        var runner = new TestRunner(new SandboxOptions());
        Assert.SkipWhen((await runner.SandboxAsync(TestContext.Current.CancellationToken)).Kind == SandboxKind.None, "No sandbox works here.");
        Assert.SkipWhen(Tool.Find("node") is null || Tool.Find("python3") is null, "node or python3 is not installed.");
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), runner);

        var result = await engine.FixAsync(new FixRequest([SourceFile.FromPath(path, code)]) { Tests = [SourceFile.FromPath(testPath, tests)] }, TestContext.Current.CancellationToken);

        result.Fixed.ShouldBeTrue(result.Diff + result.Tests?.Reason + result.Tests?.Output);
        result.Files[0].Text.ShouldContain(expected);
    }

    [Fact]
    public async Task Validate_PythonNames_AreWarningsThatDoNotMakeTheFileInvalid()
    {
        Assert.SkipWhen(Tool.Find("python3") is null, "python3 is not installed.");
        var report = await new CodeValidator(new ValidationOptions()).ValidateAsync([SourceFile.FromPath("a.py", "def f(x, y=[]):\n    return x + z\n")], TestContext.Current.CancellationToken);

        report.Ok.ShouldBeTrue();
        report.Files[0].Diagnostics.Select(d => (d.Code, d.Severity)).ShouldBe([("MutableDefault", Severity.Warning), ("UndefinedName", Severity.Warning)]);
    }

    [Theory]
    [InlineData("$('#a').on('click', () => widget.show());\n")]
    [InlineData("describe('a', () => { it('b', () => expect(1).toBe(1)); });\n")]
    [InlineData("window.addEventListener('load', (e) => start(e));\n")]
    [InlineData("/* global itmes */\nconst items = itmes;\n")]
    [InlineData("const items = typeof itmes === 'undefined' ? [] : itmes;\n")]
    [InlineData("var items = [];\nitmes = items;\nitmes.push(1);\n")]
    [InlineData("const { a, b: { c: items = [] }, ...rest } = require('x');\nitems.push(a, rest);\nfunction f(it, { em } = {}) { return it + em; }\nlabel: for (const [i, j] of items) { if (i > j) continue label; }\ntry { f(); } catch { }\n")]
    public async Task Validate_JavaScriptNamesThatMayComeFromElsewhere_AreNotReported(string code)
    {
        Assert.SkipWhen(Tool.Find("node") is null, "node is not installed.");
        var report = await new CodeValidator(new ValidationOptions()).ValidateAsync([SourceFile.FromPath("a.js", code)], TestContext.Current.CancellationToken);

        report.Files[0].Diagnostics.ShouldBeEmpty();
    }
}
