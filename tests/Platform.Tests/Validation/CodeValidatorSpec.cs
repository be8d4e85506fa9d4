using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Verdicts per language: right code passes, wrong code says where, a missing tool is never an error.</summary>
public sealed class CodeValidatorSpec
{
    private static readonly CodeValidator Validator = new(new ValidationOptions());

    private static async Task<FileReport> CheckAsync(string path, string text) =>
        (await Validator.ValidateAsync([SourceFile.FromPath(path, text)], TestContext.Current.CancellationToken)).Files.Single();

    // What `dotnet new console` and a class beside it hold: the project's implicit usings are not in the text.
    private static readonly SourceFile[] NewConsole =
    [
        new("Program.cs", "csharp", "Console.WriteLine(Names.All.Count);\n"),
        new("Names.cs", "csharp", "public static class Names { public static List<string> All { get; } = [\"a\"]; }\n"),
    ];

    [Fact]
    public async Task ValidateAsync_FilesOfANewConsoleProject_AreRightWhereUsingsAreInferred()
    {
        var inferred = new CodeValidator(new ValidationOptions { InferUsings = true });

        (await inferred.ValidateAsync(NewConsole, TestContext.Current.CancellationToken)).Ok.ShouldBeTrue();
        (await Validator.ValidateAsync(NewConsole, TestContext.Current.CancellationToken)).Ok.ShouldBeFalse();
        var wrong = await inferred.ValidateAsync([.. NewConsole, new("More.cs", "csharp", "class More { List<int> All = 1; }")], TestContext.Current.CancellationToken);
        wrong.Files.SelectMany(f => f.Errors).Select(e => e.Code).ShouldBe(["CS0029"]);
    }

    [Fact]
    public async Task ValidateAsync_TheSameContentAgain_IsTheSameVerdict_AndOtherContentIsNot()
    {
        var validator = new CodeValidator(new ValidationOptions());
        SourceFile[] files = [new("a.cs", "csharp", "class A { int x = 1 }")];

        var first = await validator.ValidateAsync(files, TestContext.Current.CancellationToken);
        var second = await validator.ValidateAsync([files[0] with { }], TestContext.Current.CancellationToken);
        var renamed = await validator.ValidateAsync([files[0] with { Path = "b.cs" }], TestContext.Current.CancellationToken);
        var mended = await validator.ValidateAsync([files[0] with { Text = "class A { int x = 1; }" }], TestContext.Current.CancellationToken);

        second.Files[0].Diagnostics.ShouldBeSameAs(first.Files[0].Diagnostics);
        renamed.Files[0].Diagnostics.ShouldNotBeSameAs(first.Files[0].Diagnostics);
        (first.Ok, mended.Ok).ShouldBe((false, true));
    }

    [Theory]
    [InlineData("a.sql", "select 1;", "sqlfluff")]
    [InlineData("a.html", "<p>one</p>", "tidy")]
    [InlineData("a.go", "package a\n", "gofmt")]
    [InlineData("a.rs", "fn main() {}", "rustc")]
    public async Task ValidateAsync_ToolThatIsHereOrNot_ChecksOrIsNamed(string path, string text, string tool)
    {
        var file = await CheckAsync(path, text);

        (file.Syntax, file.Reason?.Contains(tool, StringComparison.Ordinal)).ShouldBeOneOf((SyntaxState.Ok, null), (SyntaxState.Unchecked, true));
    }

    [Fact]
    public async Task ValidateAsync_PythonNestedTooDeepForTheNameReader_IsNoSyntaxError()
    {
        // The compiler takes it; a reader that walks the tree by recursion does not.
        var text = "x = " + string.Join(" + ", Enumerable.Repeat("1", 900)) + "\n";

        var file = await CheckAsync("deep.py", text);

        Assert.SkipWhen(file.Syntax == SyntaxState.Unchecked, file.Reason ?? "");
        file.Diagnostics.ShouldAllBe(d => d.Code == "NamesUnchecked" && d.Severity == Severity.Warning);
        file.Syntax.ShouldBe(SyntaxState.Ok);
    }

    [Theory]
    [InlineData("a.cs", "using System;\nConsole.WriteLine(args.Length);")]
    [InlineData("a.cs", "using Microsoft.AspNetCore.Builder;\nvar app = WebApplication.CreateBuilder(args).Build();\napp.Run();")]
    [InlineData("a.py", "def f(x):\n    return x\n")]
    [InlineData("a.js", "import x from './y.js';\nexport const z = await x();\n")]
    [InlineData("a.js", "const f = require('fs');\nmodule.exports = f;\n")]
    [InlineData("a.sh", "#!/bin/bash\nif true; then echo hi; fi\n")]
    [InlineData("a.json", "{ \"a\": 1 }")]
    [InlineData("a.xml", "<a><b/></a>")]
    [InlineData("a.md", "# anything ```")]
    public async Task ValidateAsync_ValidFile_IsOkOrUnchecked(string path, string text)
    {
        var report = await CheckAsync(path, text);

        report.Syntax.ShouldNotBe(SyntaxState.Error, string.Join('\n', report.Diagnostics));
        if (path is "a.cs" or "a.json" or "a.xml" or "a.md")
            report.Syntax.ShouldBe(SyntaxState.Ok);
    }

    [Theory]
    [InlineData("a.cs", "class A { int M() => missing; }", "CS0103", 1)]
    [InlineData("a.cs", "class A {\n int x = 1 }", "CS1002", 2)]
    [InlineData("a.cs", "class A { void M() { Console.WriteLine(); } }", "CS0103", 1)]
    [InlineData("a.py", "def f(x)\n    return x\n", "SyntaxError", 1)]
    [InlineData("a.py", "def f(x):\nreturn x\n", "IndentationError", 2)]
    [InlineData("a.js", "const a = 1;\nfunction f( { return a; }\n", "SyntaxError", 2)]
    [InlineData("a.mjs", "export const a = ;\n", "SyntaxError", 1)]
    [InlineData("a.sh", "if true; then\necho hi\n", "SyntaxError", 3)]
    [InlineData("a.json", "{ \"a\": 1,\n }", "JsonError", 2)]
    [InlineData("a.xml", "<a>\n<b></a>", "XmlError", 2)]
    [InlineData("a.sql", "select 'x\nfrom t;", "SqlError", 1)]
    [InlineData("a.rs", "fn main() { let x = ; }", "SyntaxError", 1)]
    [InlineData("a.java", "class A { int x = ; }", "SyntaxError", 1)]
    public async Task ValidateAsync_BrokenFile_NamesTheErrorAndLine(string path, string text, string code, int line)
    {
        var report = await CheckAsync(path, text);
        Assert.SkipWhen(report.Syntax == SyntaxState.Unchecked, report.Reason ?? "");

        report.Syntax.ShouldBe(SyntaxState.Error);
        report.Errors.ShouldContain(d => d.Code == code && d.Line == line, string.Join('\n', report.Diagnostics));
    }

    [Fact]
    public async Task ValidateAsync_UnknownPackage_IsUncheckedAndNamed()
    {
        var report = await CheckAsync("a.cs", "using Newtonsoft.Json;\nclass A { string M() => JsonConvert.SerializeObject(this); }");

        report.Syntax.ShouldBe(SyntaxState.Unchecked);
        report.Reason.ShouldNotBeNull().ShouldContain("Newtonsoft.Json");
    }

    [Fact]
    public async Task ValidateAsync_UnknownPackageAndARealFault_IsAnError()
    {
        (await CheckAsync("a.cs", "using Newtonsoft.Json;\nclass A { int M() => 1 }")).Syntax.ShouldBe(SyntaxState.Error);
    }

    [Fact]
    public async Task ValidateAsync_FilesOfOneLanguage_SeeEachOther()
    {
        var report = await Validator.ValidateAsync([SourceFile.FromPath("a.cs", "class A { B b = new(); }"), SourceFile.FromPath("b.cs", "class B { int M() => x; }")], TestContext.Current.CancellationToken);

        report.Ok.ShouldBeFalse();
        report.Files[0].Syntax.ShouldBe(SyntaxState.Ok);
        report.Files[1].Errors.Single().Code.ShouldBe("CS0103");
    }

    [Fact]
    public async Task ValidateAsync_ToolThatIsNotInstalled_IsUncheckedWithItsName()
    {
        var report = await CheckAsync("a.go", "package main\nfunc main() {}\n");
        Assert.SkipWhen(Tool.Find("gofmt") is not null, "gofmt is installed");

        report.Syntax.ShouldBe(SyntaxState.Unchecked);
        report.Reason.ShouldBe("gofmt is not installed");
    }

    [Fact]
    public async Task ValidateAsync_CodeIsNeverRun()
    {
        var trace = Path.Combine(Path.GetTempPath(), "platform-ran-" + Guid.NewGuid().ToString("n"));
        await CheckAsync("a.py", $"open({trace.Replace('\\', '/').Insert(0, "'")}', 'w')");
        await CheckAsync("a.js", $"require('fs').writeFileSync('{trace}', '');");
        await CheckAsync("a.sh", $"touch {trace}");

        File.Exists(trace).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../a.py")]
    [InlineData("/a.py")]
    [InlineData("a\u0000.py")]
    public async Task ValidateAsync_UnsafePath_IsRefused(string path) =>
        await Should.ThrowAsync<ArgumentException>(() => Validator.ValidateAsync([new SourceFile(path, "python", "")], TestContext.Current.CancellationToken));

    [Fact]
    public async Task ValidateAsync_TooLongFile_NamesFileAndLimit()
    {
        var error = await Should.ThrowAsync<ArgumentException>(() => Validator.ValidateAsync([new SourceFile("a.txt", "text", new string('x', (1 << 20) + 1))], TestContext.Current.CancellationToken));

        error.Message.ShouldContain("a.txt");
        error.Message.ShouldContain("1048576");
    }
}
