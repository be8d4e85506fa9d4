using System.Net;
using System.Text.Json;
using Platform.Inference;

namespace Platform.Tests.Inference;

/// <summary>Headers, counts and schemas as they really come, and what is made of them.</summary>
public sealed class WireReadingTests
{
    [Theory]
    [InlineData("60", "9", 9)]
    [InlineData("5", "9", 5)]
    [InlineData("86399", "9", 86_399)]
    public void RetryAfter_BelievesTheMinutesReset_OnlyOfAMinutesQuota(string retryAfter, string reset, double seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("retry-after", retryAfter);
        response.Headers.TryAddWithoutValidation("x-ratelimit-reset-tokens-minute", reset);

        RateHeaders.RetryAfter(response.Headers, FailureKind.TokenQuota).ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("""{"prompt_tokens": 12.0, "completion_tokens": "7"}""", 12, 7)]
    [InlineData("""{"prompt_tokens": null, "completion_tokens": {"a": 1}}""", 0, 0)]
    [InlineData("""{"prompt_tokens": -3, "completion_tokens": 1e300, "prompt_tokens_details": []}""", 0, 0)]
    public void Usage_OfOddNumbers_NeverFails(string raw, long input, long output)
    {
        using var json = JsonDocument.Parse(raw);

        var usage = WireContent.Usage(json.RootElement).ShouldNotBeNull();

        (usage.InputTokenCount, usage.OutputTokenCount).ShouldBe((input, output));
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":[]}""", "$.properties must be an object")]
    [InlineData("""{"type":"object","additionalProperties":false,"anyOf":[]}""", "the root may not be an anyOf")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"type":["object","null"]}}}""", "$.a needs")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"type":"array","prefixItems":[{"type":"string"}]}}}""", "needs \"items\": false")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"https://example.com/s"}}}""", "must name one of the schema's $defs")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"object","additionalProperties":false,"properties":{"next":{"$ref":"#/$defs/n"}}}}}""", "recursion")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","pattern":"x"}}}""", "'pattern'")]
    [InlineData("""{"type":"object","additionalProperties":false,"properties":{"a":{"enum":"x"}}}""", "must be a list of values")]
    public void StrictSchema_NamesWhatTheEngineWouldRefuse(string schema, string problem)
    {
        using var json = JsonDocument.Parse(schema);

        StrictSchema.Problem(json.RootElement).ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void StrictSchema_WithTooManyEnumValues_IsRefused()
    {
        var values = string.Join(",", Enumerable.Range(0, 501).Select(i => $"{i}"));
        using var json = JsonDocument.Parse("""{"type":"object","additionalProperties":false,"properties":{"a":{"enum":[VALUES]}}}""".Replace("VALUES", values, StringComparison.Ordinal));

        StrictSchema.Problem(json.RootElement).ShouldNotBeNull().ShouldContain("500 enum values");
    }

    [Fact]
    public void StrictSchema_WithSharedDefinitionsAndClosedLists_IsTaken()
    {
        using var json = JsonDocument.Parse("""
            {"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#/$defs/n"},"b":{"$ref":"#/$defs/n"},"c":{"type":"array","prefixItems":[{"type":"string"}],"items":false}},
             "$defs":{"n":{"type":"string","enum":["x","y"]}}}
            """);

        StrictSchema.Problem(json.RootElement).ShouldBeNull();
    }
}
