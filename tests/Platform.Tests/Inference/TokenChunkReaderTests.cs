using System.Text;
using System.Text.Json;
using Platform.Inference;

namespace Platform.Tests.Inference;

/// <summary>The short way through an event says what the long way says, and takes the long way where it must.</summary>
public sealed class TokenChunkReaderTests
{
    [Theory]
    [InlineData("""{"id":"c","choices":[{"delta":{"content":" word"},"index":0}],"created":1,"model":"m","system_fingerprint":"f","object":"chat.completion.chunk"}""")]
    [InlineData("""{"id":"c","choices":[{"delta":{"role":"assistant","content":""},"index":0,"finish_reason":null,"logprobs":null}],"model":"m","usage":null,"error":null}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"Hm."}}]}""")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"","reasoning_content":"Hm."}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a \"quoted\" \\ \u00e4 \ud83d\ude00\n","tool_calls":null}}]}""")]
    [InlineData(""" { "id" : "c" , "choices" : [ { "index" : 0 , "delta" : { } } ] } """)]
    [InlineData("""{"choices":[{"delta":{"content":"first","content":"last"}}]}""")]
    [InlineData("{}")]
    public void Read_TokenAndNothingElse_IsReadTheShortWay(string json)
    {
        var whole = JsonSerializer.Deserialize(json, WireJson.Default.WireAnswer)!;
        var delta = whole.Choices is [var choice, ..] ? choice.Delta : null;

        var chunk = Read(json);

        chunk.ShouldBe(new TokenChunk(whole.Id, whole.Model, delta?.Content, delta?.Thought));
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"stop"}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":"{}"}}]}}]}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1}}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}""")]
    [InlineData("""{"choices":null}""")]
    [InlineData("""{"error":{"message":"no"},"status_code":500}""")]
    [InlineData("""{"error":"no"}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"time_info":{"total_time":1}}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"something_new":{"deep":[1]}}""")]
    public void Read_AnythingElse_IsReadInFull(string json) =>
        Describe(Read(json).Whole.ShouldNotBeNull()).ShouldBe(Describe(JsonSerializer.Deserialize(json, WireJson.Default.WireAnswer)!));

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]} x""")]
    [InlineData("""{"choices":[{"delta":{"content":1}}]}""")]
    [InlineData("""{"choices":[{"delta":"a"}]}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void Read_BrokenEvent_IsAnError(string json) => Should.Throw<JsonException>(() => Read(json));

    [Fact]
    public void Read_ErrorEvent_IsReadInFullWhateverItHolds() =>
        new TokenChunkReader().Read("error", """{"id":"c"}"""u8).Whole.ShouldNotBeNull();

    [Fact]
    public void Read_NextEvents_RepeatIdAndModelWithoutMakingThemAgain()
    {
        var reader = new TokenChunkReader();

        var first = reader.Read("message", """{"id":"c","model":"m"}"""u8);
        var second = reader.Read("message", """{"id":"c","model":"n"}"""u8);

        second.Id.ShouldBeSameAs(first.Id);
        second.Model.ShouldBe("n");
    }

    [Fact]
    public void Read_ClosingMark_IsTheEnd() => new TokenChunkReader().Read("message", "[DONE]"u8).Done.ShouldBeTrue();

    private static string Describe(WireAnswer answer) => JsonSerializer.Serialize(new
    {
        answer.Id,
        answer.Model,
        answer.Choices,
        usage = answer.Usage.ToString(),
        error = answer.Error.ToString(),
        answer.StatusCode,
        answer.TimeInfo,
    });

    private static TokenChunk Read(string json) => new TokenChunkReader().Read("message", Encoding.UTF8.GetBytes(json));
}
