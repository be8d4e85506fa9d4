using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>SQL without a parser for its dialect: only what is open however it is read is an error.</summary>
public sealed class SqlCheckerSpec
{
    [Theory]
    [InlineData("select 'it\\'s', b from t;")]
    [InlineData("select a -- x\nfrom t # don't\nwhere b = 1;")]
    [InlineData("select [O'Brien] from [a(b];")]
    public async Task Check_RightInItsDialect_IsNoError(string text)
    {
        var verdict = await CheckAsync(text);

        verdict.State.ShouldBe(SyntaxState.Unchecked);
        verdict.Diagnostics.ShouldHaveSingleItem().Severity.ShouldBe(Severity.Warning);
    }

    [Theory]
    [InlineData("select 'x from t;")]
    [InlineData("select (a from t;")]
    [InlineData("select a) from t;")]
    [InlineData("select a /* from t;")]
    public async Task Check_WrongInEveryDialect_IsAnError(string text)
    {
        var verdict = await CheckAsync(text);

        verdict.State.ShouldBe(SyntaxState.Error);
    }

    private static async Task<Verdict> CheckAsync(string text) =>
        (await new SqlChecker(new ValidationOptions(), "no-such-tool").CheckAsync([SourceFile.FromPath("a.sql", text)], TestContext.Current.CancellationToken)).Single();
}
