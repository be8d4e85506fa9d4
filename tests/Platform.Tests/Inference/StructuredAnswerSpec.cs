using System.Text.Json;
using Platform.Contracts;
using Platform.Inference;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>Content jobs whose answer must fit a JSON Schema.</summary>
public sealed class StructuredAnswerSpec
{
    private const string Schema = """
        {"type":"object","additionalProperties":false,"required":["headline","score"],
         "properties":{"headline":{"type":"string"},"score":{"type":"integer","minimum":1,"maximum":5},"tags":{"type":"array","items":{"enum":["a","b"]}}}}
        """;

    [Theory]
    [InlineData("{\"headline\":\"x\",\"score\":3}", null)]
    [InlineData("{\"headline\":\"x\",\"score\":3,\"tags\":[\"a\",\"b\"]}", null)]
    [InlineData("{\"headline\":\"x\"}", "$.score is missing")]
    [InlineData("{\"headline\":\"x\",\"score\":3.5}", "$.score is number and should be integer")]
    [InlineData("{\"headline\":\"x\",\"score\":9}", "$.score is 9")]
    [InlineData("{\"headline\":7,\"score\":3}", "$.headline is number and should be string")]
    [InlineData("{\"headline\":\"x\",\"score\":3,\"more\":1}", "$.more is not allowed")]
    [InlineData("{\"headline\":\"x\",\"score\":3,\"tags\":[\"c\"]}", "$.tags[0] should be one of")]
    [InlineData("[]", "$ is array and should be object")]
    [InlineData("```json\n{}\n```", "no JSON")]
    [InlineData("", "no JSON")]
    public void Problem_OfAnAnswer_NamesThePlace(string answer, string? problem)
    {
        var found = JsonAnswer.Problem(answer, JsonElement.Parse(Schema));

        if (problem is null)
            found.ShouldBeNull();
        else
            found.ShouldNotBeNull().ShouldContain(problem);
    }

    [Theory]
    [InlineData("Cerebras")]
    [InlineData("Local")]
    public async Task AnswerThatDoesNotFit_IsAskedAgain(string engine)
    {
        await using var worker = await StartAsync(engine, "no json at all", "{\\\"headline\\\":\\\"Rye\\\",\\\"score\\\":4}");
        var request = Jobs.Content();
        request.ResponseSchema = Schema;

        var report = await worker.RunAsync(request);

        report.State.ShouldBe(JobStates.Succeeded, report.Failure?.Message);
        JsonElement.Parse(report.Result.Text).GetProperty("score").GetInt32().ShouldBe(4);
        report.Result.Retries.ShouldBe(1);
        var body = JsonElement.Parse(worker.Simulator.Calls[0].Body);
        body.GetProperty("response_format").GetProperty("json_schema").GetProperty("strict").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task SchemaThatStrictAnswersDoNotSupport_IsRefusedBeforeItIsSent()
    {
        await using var worker = await StartAsync("Cerebras", "{}");
        var request = Jobs.Content();
        request.ResponseSchema = """{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","pattern":"x"}}}""";

        var report = await worker.RunAsync(request);

        report.State.ShouldBe(JobStates.Failed);
        report.Failure.Message.ShouldContain("'pattern'");
        worker.Simulator.TotalCalls.ShouldBe(0);
    }

    private static Task<WorkerProcess> StartAsync(string engine, params string[] answers) => WorkerProcess.StartAsync(
        new SimulatorOptions
        {
            TokensPerSecond = 0,
            Script = SimulatorScript.Parse("rules:\n- match: ''\n  answers:\n" + string.Concat(answers.Select(answer => $"  - text: \"{answer}\"\n"))),
        },
        new()
        {
            ["Engines:Local:Kind"] = "openai",
            ["Engines:Local:BaseUrl"] = Engines.OpenAiAddress,
            ["Engines:Local:Models:Quality"] = "local-model",
            ["Engines:Local:Simulated"] = "true",
            ["Inference:Chains:instructions"] = engine,
            ["Inference:BackoffMs"] = "1",
        });
}
