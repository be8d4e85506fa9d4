using System.Text.Json;

namespace Platform.Tests.Cli;

public sealed class JsonSchemaSpec
{
    private const string Schema =
        """
        {"type":"object","required":["name","count"],"additionalProperties":false,"properties":{
          "name":{"type":"string","enum":["a","b"]},"count":{"type":"integer","minimum":0,"maximum":9},"share":{"type":["number","null"]},
          "rows":{"type":"array","items":{"type":"boolean"}},"scores":{"type":"object","additionalProperties":{"type":"number"}}}}
        """;

    [Theory]
    [InlineData("""{"name":"a","count":1}""", null)]
    [InlineData("""{"name":"b","count":2.0,"share":null,"rows":[true],"scores":{"x":0.5}}""", null)]
    [InlineData("[]", "$: Array is not object")]
    [InlineData("""{"name":"a"}""", "$: 'count' is missing")]
    [InlineData("""{"name":"c","count":1}""", "$.name: c is not one of [\"a\",\"b\"]")]
    [InlineData("""{"name":"a","count":1.5}""", "$.count: Number is not integer")]
    [InlineData("""{"name":"a","count":10}""", "$.count: 10 is out of range")]
    [InlineData("""{"name":"a","count":1,"share":"x"}""", "$.share: String is not number or null")]
    [InlineData("""{"name":"a","count":1,"rows":[true,1]}""", "$.rows[1]: Number is not boolean")]
    [InlineData("""{"name":"a","count":1,"scores":{"x":"y"}}""", "$.scores.x: String is not number")]
    [InlineData("""{"name":"a","count":1,"more":1}""", "$: 'more' is not expected")]
    public void Problems_Value_SaysWhatDoesNotFit(string value, string? problem) =>
        JsonSchema.Problems(JsonElement.Parse(Schema), JsonElement.Parse(value)).ShouldBe(problem is null ? [] : [problem]);

    [Fact]
    public void Problems_WordThatIsNotChecked_IsRefused() =>
        JsonSchema.Problems(JsonElement.Parse("""{"type":"string","pattern":"a"}"""), JsonElement.Parse("\"b\"")).ShouldBe(["$: the schema's 'pattern' is not checked here"]);

    [Fact]
    public void Folder_EverySchema_IsExactAndSaysWhatItDescribes()
    {
        foreach (var name in Directory.GetFiles(Schemas.Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)))
        {
            var schema = Schemas.Read(name);
            schema.GetProperty("$schema").GetString().ShouldBe("https://json-schema.org/draft/2020-12/schema", name);
            schema.GetProperty("title").GetString()!.ShouldStartWith("platform ", Case.Sensitive, name);
            schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse(name);
        }
    }
}
