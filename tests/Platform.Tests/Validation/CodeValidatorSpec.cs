using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Verdicts per language: right code passes, wrong code says where, a missing tool is never an error.</summary>
public sealed class CodeValidatorSpec
{
    private static readonly CodeValidator Validator = new(new ValidationOptions());

    private static async Task<FileReport> CheckAsync(string path, string text) =>
        (await Validator.ValidateAsync([SourceFile.FromPath(path, text)], TestContext.Current.CancellationToken)).Files.Single();

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
