using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>What a request to fix says of its tests.</summary>
public sealed class FixRequestSpec
{
    [Theory]
    [InlineData("a.cs", "Calc.Tests.csproj,CalcTests.cs", "csharp")]
    [InlineData("a.cs", "data.json,test_a.py,CalcTests.cs", "csharp")]
    [InlineData("a.py", "README.md,a.test.js,test_a.py", "python")]
    [InlineData("a.sh", "data.json,test_a.py", "python")]
    [InlineData("a.cs", "data.json", "json")]
    [InlineData("a.cs", "", null)]
    public void TestLanguage_OtherFilesAmongTheTests_IsThatOfTestsThatRun(string path, string tests, string? expected)
    {
        var request = new FixRequest([SourceFile.FromPath(path, "")]) { Tests = [.. tests.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => SourceFile.FromPath(t, ""))] };

        request.TestLanguage.ShouldBe(expected);
    }
}
