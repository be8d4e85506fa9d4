using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Finding code in answers as engines really write them.</summary>
public sealed class CodeExtractorSpec
{
    [Fact]
    public void Extract_HeadingThatNamesATechnology_IsNoPathForAnotherLanguage()
    {
        var found = CodeExtractor.Extract("**Node.js**\n```bash\necho one\n```\n\n**src/tool.js**\n```javascript\nlet a = 1;\n```\n", null);

        found.Files.Select(f => f.Path).ShouldNotContain("Node.js");
        found.Files.Select(f => f.Path).ShouldContain("src/tool.js");
    }

    [Fact]
    public void Extract_FenceWithProseAround_TakesTheBlockOnly()
    {
        var found = CodeExtractor.Extract("Here you are:\n\n```csharp\nclass A { }\n```\n\nRun it with:\n```bash\ndotnet run\n```\nEnjoy.", "csharp");

        found.Truncated.ShouldBeFalse();
        found.Files.Single().ShouldBe(new SourceFile("answer.cs", "csharp", "class A { }\n"));
    }

    [Theory]
    [InlineData("```csharp path=src/A.cs\nclass A { }\n```")]
    [InlineData("```csharp:src/A.cs\nclass A { }\n```")]
    [InlineData("```src/A.cs\nclass A { }\n```")]
    [InlineData("```csharp title=\"src/A.cs\"\nclass A { }\n```")]
    [InlineData("```csharp src/A.cs\nclass A { }\n```")]
    [InlineData("**src/A.cs**\n```csharp\nclass A { }\n```")]
    [InlineData("### `src/A.cs`:\n\n```cs\nclass A { }\n```")]
    [InlineData("1. File: src/A.cs\n~~~cs\nclass A { }\n~~~")]
    [InlineData("```csharp\n// src/A.cs\nclass A { }\n```")]
    [InlineData("```csharp\n// File: src/A.cs\nclass A { }\n```")]
    public void Extract_PathInFenceCommentOrHeading_NamesTheFile(string answer)
    {
        var found = CodeExtractor.Extract(answer, "csharp");

        found.Files.Single().Path.ShouldBe("src/A.cs");
        found.Files.Single().Language.ShouldBe("csharp");
        found.Files.Single().Text.ShouldEndWith("class A { }\n");
    }

    [Fact]
    public void Extract_SeveralFiles_KeepsOrderAndLastVersion()
    {
        var found = CodeExtractor.Extract("```cs path=A.cs\nclass A { int old; }\n```\n```cs path=B.cs\nclass B { }\n```\nFixed:\n```cs path=A.cs\nclass A { }\n```", "csharp");

        found.Files.Select(f => f.Path).ShouldBe(["A.cs", "B.cs"]);
        found.Files[0].Text.ShouldBe("class A { }\n");
    }

    [Fact]
    public void Extract_TheSameClassTwiceWithoutPath_LastOneCounts()
    {
        var found = CodeExtractor.Extract("```python\ndef f(x):\n    return x\n```\nBetter:\n```python\ndef f(x):\n    return x + 1\n```", "python");

        found.Files.Single().Text.ShouldContain("x + 1");
    }

    [Fact]
    public void Extract_NestedFence_StaysOneBlock()
    {
        const string inner = "# Title\n\n```bash\nls\n```\n\nend";
        CodeExtractor.Extract($"````markdown\n{inner}\n````\n", "markdown").Files.Single().Text.ShouldBe(inner + "\n");
        CodeExtractor.Extract($"```markdown\n{inner}\n```\n", "markdown").Files.Single().Text.ShouldBe(inner + "\n");
    }

    [Fact]
    public void Extract_TruncatedFence_IsReportedAndNotCode()
    {
        var found = CodeExtractor.Extract("```csharp path=A.cs\nclass A { }\n```\nand\n```csharp path=B.cs\nclass B {", "csharp");

        found.Truncated.ShouldBeTrue();
        found.Files.Select(f => f.Path).ShouldBe(["A.cs"]);
        found.Problem.ShouldNotBeNull().ShouldContain("cut off");
    }

    [Theory]
    [InlineData("using System;\n\npublic static class A\n{\n    public static int One() => 1;\n}", "csharp")]
    [InlineData("def f(x):\n    return x + 1\n", "python")]
    [InlineData("const f = (x) => x + 1;\nmodule.exports = { f };", "javascript")]
    [InlineData("{ \"a\": [1, 2] }", "json")]
    public void Extract_NoFenceButCode_TakesTheWholeAnswer(string answer, string language)
    {
        CodeExtractor.Extract(answer, language).Files.Single().Language.ShouldBe(language);
        CodeExtractor.Extract(answer, null).Files.Single().Language.ShouldBe(language);
    }

    [Theory]
    [InlineData("I am sorry, but I cannot write this code for you.\nThe request is unclear, and it needs more detail.")]
    [InlineData("")]
    public void Extract_ProseOnly_GivesNoCodeAndSaysWhy(string answer)
    {
        var found = CodeExtractor.Extract(answer, "csharp");

        found.Files.ShouldBeEmpty();
        found.Problem.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("../../etc/passwd.cs")]
    [InlineData("/etc/x.cs")]
    [InlineData("C:\\x.cs")]
    public void Extract_PathThatClimbsOut_IsRenamed(string path)
    {
        var found = CodeExtractor.Extract($"```csharp path={path}\nclass A {{ }}\n```", "csharp");

        found.Files.Single().Path.ShouldBe("answer.cs");
        found.Problem.ShouldNotBeNull().ShouldContain(path);
    }

    [Fact]
    public void Extract_IndentedFenceInAList_IsOutdented()
    {
        CodeExtractor.Extract("1. Do:\n\n   ```python\n   def f():\n       return 1\n   ```\n", "python").Files.Single().Text.ShouldBe("def f():\n    return 1\n");
    }
}
