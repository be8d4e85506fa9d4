using Microsoft.Extensions.Configuration;
using Platform.Contracts;
using Platform.Inference;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>The threshold of a tenant, and settings that make no sense.</summary>
public sealed class SecurityPolicySpec
{
    [Fact]
    public void Of_NothingSet_IsHighAndCommentsDoNotCount()
    {
        var policy = Read();

        (policy.Of("anyone"), policy.HonourComments).ShouldBe((BlockSeverity.High, false));
    }

    [Fact]
    public void Of_TenantWithItsOwn_GoesBeforeTheRest()
    {
        var policy = Read(("Validation:BlockSeverity", "medium"), ("Validation:Tenants:bank:BlockSeverity", "low"), ("Validation:Tenants:lab:BlockSeverity", "none"));

        (policy.Of("bank"), policy.Of("lab"), policy.Of("other")).ShouldBe((BlockSeverity.Low, BlockSeverity.None, BlockSeverity.Medium));
    }

    [Theory]
    [InlineData("Validation:BlockSeverity", "severe")]
    [InlineData("Validation:BlockSeverity", "17")]
    [InlineData("Validation:Tenants:bank:BlockSeverity", "17")]
    [InlineData("Validation:HonourComments", "perhaps")]
    public void Read_NonsenseValue_NamesTheKey(string key, string value) =>
        Should.Throw<SettingException>(() => Read((key, value))).Message.ShouldContain(key);

    private static SecurityPolicy Read(params (string Key, string Value)[] settings) =>
        InferenceModule.ReadSecurity(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
