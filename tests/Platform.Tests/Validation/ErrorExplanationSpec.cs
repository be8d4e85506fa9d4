using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>What is said of errors: every entry whole, other compiler errors by the compiler's title, the rest unknown.</summary>
public sealed class ErrorExplanationSpec
{
    // Compilers in use report these; the one in this process has another id or no longer the rule.
    private static readonly string[] OlderCompilers = ["CS0038", "CS0135", "CS0568", "CS0573", "CS0840", "CS1502", "CS1518", "CS1594", "CS1644", "CS1998"];

    [Fact]
    public void Table_EveryCompilerError_ExistsInTheCompiler() =>
        ErrorExplanation.Known.Where(code => code.StartsWith("CS", StringComparison.Ordinal)).Except(ErrorExplanation.OfTheCompiler).Order(StringComparer.Ordinal).ShouldBe(OlderCompilers);

    [Fact]
    public void Table_EveryEntry_HasMeaningAndAdvice()
    {
        ErrorExplanation.Known.Count.ShouldBeGreaterThan(1_000);
        foreach (var code in ErrorExplanation.Known)
        {
            var found = ErrorExplanation.Find(code).ShouldNotBeNull();
            found.Meaning.ShouldEndWith(".", customMessage: code);
            found.Advice.Length.ShouldBeGreaterThan(5, code);
        }
    }

    [Theory]
    [InlineData("CS1002", "semicolon")]
    [InlineData("cs0161", "without a value")]
    [InlineData("NameError", "nothing gives it a value")]
    public void Find_KnownCode_SaysWhatItMeans(string code, string words)
    {
        var found = ErrorExplanation.Find(code).ShouldNotBeNull();

        found.Source.ShouldBe("table");
        found.Meaning.ShouldContain(words);
    }

    [Fact]
    public void Find_CodeOfTheCompilerOnly_GivesItsTitle()
    {
        var found = ErrorExplanation.Find("CS8783").ShouldNotBeNull();

        (found.Source, found.Advice).ShouldBe(("compiler", ""));
        found.Meaning.ShouldContain("Conditional attribute");
        found.Meaning.ShouldNotContain("{0}");
    }

    [Theory]
    [InlineData("CS99999")]
    [InlineData("")]
    [InlineData("nonsense")]
    public void Find_UnknownCode_IsNull(string code) => ErrorExplanation.Find(code).ShouldBeNull();
}
