using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Platform.Contracts;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>Requests that cannot be right, through the real door: one clear error that names field, value and limit, and nothing stored.</summary>
public sealed class BadInputSpec : IAsyncLifetime
{
    private const int MostBytes = 1_000;
    private const int MostItems = 3;
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);
    private static readonly Method<byte[], byte[]> RawSubmit = new(MethodType.Unary, "platform.v1.Generation", "Submit", Bytes, Bytes);
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Generation.GenerationClient Jobs => new(_host.Client());

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router", new Dictionary<string, string?>
    {
        ["Engines:Cerebras:ApiKey"] = "never-called",
        ["Router:RecallMs"] = "20",
        ["Router:MaxTaskBytes"] = $"{MostBytes}",
        ["Router:MaxFileBytes"] = "2000",
        ["Router:MaxBatchItems"] = $"{MostItems}",
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static TheoryData<string, Action<GenerateRequest>, string[]> BadRequests() => new()
    {
        { "empty task", r => r.Task = "", ["task is empty"] },
        { "blank task", r => r.Task = " \n\t", ["task is empty"] },
        { "long task", r => r.Task = new string('é', 501), ["task", "1,002", "1,000"] },
        { "NUL in the task", r => r.Task = "ab\0c", ["task", "NUL", "position 2"] },
        { "long contract", r => r.Contract = new string('c', MostBytes + 1), ["contract", "1,001", "1,000"] },
        { "long system", r => r.System = new string('c', MostBytes + 1), ["system", "1,001", "1,000"] },
        { "approach", r => r.Approach = "magic", ["approach 'magic'", "pattern, instructions, mcp, traditional"] },
        { "language", r => r.Language = "klingon", ["language 'klingon'", "csharp, python"] },
        { "long language", r => r.Language = new string('l', 100_000), ["language 'llll", "…'", "csharp"] },
        { "kind", r => r.Kind = "poem", ["kind 'poem'", "code, content"] },
        { "lane", r => r.Lane = "fast", ["lane 'fast'", "interactive, batch"] },
        { "tier", r => r.Tier = "best", ["tier 'best'", "quality, fast"] },
        { "lines", r => r.ExpectedLines = -1, ["expected_lines is -1", "between 0 and"] },
        { "deadline", r => r.DeadlineMs = -5, ["deadline_ms is -5", "between 0 and"] },
        { "far deadline", r => r.DeadlineMs = long.MaxValue, ["deadline_ms is 9223372036854775807", "604,800,000"] },
        { "attempts", r => r.MaxAttempts = 21, ["max_attempts is 21", "20"] },
        { "tokens", r => r.MaxOutputTokens = int.MinValue, ["max_output_tokens is -2147483648"] },
        { "priority", r => r.Priority = 10, ["priority is 10", "between 0 and 9"] },
        { "cost NaN", r => r.MaxCostUsd = double.NaN, ["max_cost_usd is NaN", "0 or more"] },
        { "cost infinite", r => r.MaxCostUsd = double.PositiveInfinity, ["max_cost_usd"] },
        { "cost negative", r => r.MaxCostUsd = -0.01, ["max_cost_usd is -0.01"] },
        { "long project", r => r.Project = new string('p', 129), ["project", "129", "128"] },
        { "NUL in the key", r => r.IdempotencyKey = "k\0", ["idempotency_key", "NUL"] },
        { "labels", r => Label(r, 17), ["labels has 17 entries", "16"] },
        { "long label", r => r.Labels["team"] = new string('v', 129), ["labels['team']", "129", "128"] },
        { "climbing file", r => File(r, "../up.cs"), ["path '../up.cs'", "inside the workspace"] },
        { "absolute file", r => File(r, "/etc/passwd"), ["path '/etc/passwd'"] },
        { "drive", r => File(r, "C:\\x.cs"), ["path 'C:\\x.cs'"] },
        { "NUL in a file", r => File(r, "a.cs", "x\0"), ["file 'a.cs'", "NUL", "position 1"] },
        { "large files", r => File(r, "a.cs", new string('x', 2_001)), ["2,001", "2,000"] },
        { "many files", r => r.Files.AddRange(Enumerable.Range(0, 501).Select(i => new SourceFile { Path = $"{i}.cs" })), ["501", "500"] },
        { "unknown workspace", r => r.WorkspaceId = "sha256:0", ["workspace_id 'sha256:0'", "upload"] },
        { "relative workspace", r => r.WorkspacePath = "../elsewhere", ["workspace_path '../elsewhere'", "full path"] },
        { "schema without a type", r => Schema(r, """{"properties":{}}"""), ["response_schema", "root"] },
        { "schema cut off", r => Schema(r, """{"type":"object","""), ["response_schema", "no JSON"] },
        { "schema properties", r => Schema(r, """{"type":"object","properties":[]}"""), ["response_schema: $.properties is []", "an object of schemas"] },
        { "schema property", r => Schema(r, """{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"b":1}}}}}"""), ["$.properties.a.items.properties.b is 1", "a schema object"] },
        { "schema required", r => Schema(r, """{"type":"object","required":[1]}"""), ["$.required[0] is 1", "name of a property"] },
        { "schema required text", r => Schema(r, """{"type":"object","required":"a"}"""), ["$.required is \"a\"", "an array"] },
        { "schema enum", r => Schema(r, """{"type":"object","properties":{"a":{"enum":"x"}}}"""), ["$.properties.a.enum is \"x\"", "an array"] },
        { "schema type", r => Schema(r, """{"type":"object","properties":{"a":{"type":"text"}}}"""), ["$.properties.a.type is \"text\"", "boolean"] },
        { "schema choices", r => Schema(r, """{"type":"object","properties":{"a":{"anyOf":{}}}}"""), ["$.properties.a.anyOf is {}", "an array"] },
        { "schema reference", r => Schema(r, """{"type":"object","properties":{"a":{"$ref":1}}}"""), ["$.properties.a.$ref is 1"] },
        { "schema limit", r => Schema(r, """{"type":"object","properties":{"a":{"minimum":"1"}}}"""), ["$.properties.a.minimum is \"1\"", "a number"] },
        { "schema half a pair", r => Schema(r, """{"type":"object","properties":{"a":{"const":"\ud800"}}}"""), ["response_schema"] },
        { "deep schema", r => Schema(r, Nested(11)), ["response_schema", "deeper than 10"] },
        { "very deep schema", r => Schema(r, Nested(150)), ["response_schema"] },
        { "missing workspace", r => r.WorkspacePath = "/nowhere/at/all", ["workspace_path '/nowhere/at/all'"] },
    };

    [Theory]
    [MemberData(nameof(BadRequests), DisableDiscoveryEnumeration = true)]
    public async Task Submit_OfABadRequest_NamesFieldValueAndLimit(string what, Action<GenerateRequest> spoil, string[] words)
    {
        var request = new GenerateRequest { Task = "A task" };
        spoil(request);

        await Jobs.SubmitAsync(request, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync(words);

        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty(what);
    }

    [Fact]
    public async Task Generate_OfABadRequest_EndsTheStreamWithTheSameError()
    {
        using var call = Jobs.Generate(new GenerateRequest { Task = "A task", Approach = "magic" }, cancellationToken: Token);

        await call.ResponseStream.MoveNext(Token).ShouldBeRefusedAsync("approach 'magic'");
    }

    [Theory]
    [InlineData(1, "task")]
    [InlineData(13, "idempotency_key")]
    [InlineData(14, "project")]
    public async Task Submit_OfBytesThatAreNotUtf8_NamesTheField(int field, string name)
    {
        var request = new List<byte>(new GenerateRequest { Task = "A task" }.ToByteArray());
        request.AddRange([(byte)((field << 3) | 2), 4, (byte)'G', 0xF6, 0xDF, (byte)'e']);

        await RawAsync([.. request]).ShouldBeRefusedAsync(name, "UTF-8");
    }

    [Fact]
    public async Task Submit_OfAFileThatIsNotUtf8_NamesTheFile()
    {
        byte[] file = [0x0A, 4, .. "a.cs"u8, 0x1A, 3, (byte)'x', 0xFF, (byte)'y'];
        byte[] request = [.. new GenerateRequest { Task = "A task" }.ToByteArray(), 0x32, (byte)file.Length, .. file];

        await RawAsync(request).ShouldBeRefusedAsync("file 'a.cs'", "UTF-8");
    }

    [Fact]
    public async Task Submit_OfBytesThatAreNoMessage_EndsWithAnErrorAndTheDoorStaysOpen()
    {
        var refused = await Should.ThrowAsync<RpcException>(() => RawAsync([0x0A, 0x7F, 1, 2, 3]));

        refused.StatusCode.ShouldNotBe(StatusCode.OK);
        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Submit_OfSixteenLabels_IsTaken_AlsoInABatchAndWhenReplayed()
    {
        var request = new GenerateRequest { Task = "A task" };
        Label(request, 16);

        var job = await Jobs.SubmitAsync(request, cancellationToken: Token);
        await Jobs.CancelJobAsync(new CancelJobRequest { JobId = job.Id }, cancellationToken: Token);

        (await Jobs.ReplayJobAsync(new ReplayJobRequest { JobId = job.Id }, cancellationToken: Token)).Request.Labels.Count.ShouldBe(17);
        (await BatchAsync(new BatchItem { CustomId = "1", Request = request })).Total.ShouldBe(1);
    }

    [Fact]
    public async Task SubmitBatch_OfTooManyItems_NamesTheLimitAndStoresNothing()
    {
        var items = Enumerable.Range(0, MostItems + 1).Select(i => new BatchItem { CustomId = $"{i}", Request = new GenerateRequest { Task = "A task" } }).ToArray();

        await BatchAsync(items).ShouldBeRefusedAsync("more than 3 items", "nothing was stored");

        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitBatch_OfABadItem_NamesTheRowAndStoresNothing()
    {
        var good = new GenerateRequest { Task = "A task" };
        var bad = new GenerateRequest { Task = "A task", Priority = -1 };

        await BatchAsync().ShouldBeRefusedAsync("batch is empty");
        await BatchAsync(new BatchItem { CustomId = "1" }).ShouldBeRefusedAsync("item 0", "request is missing");
        await BatchAsync(new BatchItem { CustomId = "one", Request = good }, new BatchItem { CustomId = "one", Request = good }).ShouldBeRefusedAsync("item 1", "custom_id 'one'", "unique");
        await BatchAsync(new BatchItem { CustomId = new string('c', 9_000), Request = good }).ShouldBeRefusedAsync("item 0", "custom_id", "128");
        await BatchAsync(new BatchItem { CustomId = "1", Request = good }, new BatchItem { CustomId = "2", Request = bad }).ShouldBeRefusedAsync("item 1 ('2')", "priority is -1");
        await BatchAsync(new BatchItem { CustomId = "1", Request = good, BatchKey = "k\0" }).ShouldBeRefusedAsync("batch_key", "NUL");

        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_OfBadArguments_NameThem()
    {
        var jobs = Jobs;
        var id = new string('j', 100_000);

        await jobs.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("job_id", "100,000", "128");
        await jobs.GetJobAsync(new GetJobRequest { JobId = "a\0" }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("job_id", "NUL");
        await jobs.GetBatchAsync(new GetBatchRequest { BatchId = id }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("batch_id", "128");
        await jobs.ListJobsAsync(new ListJobsRequest { PageSize = -1 }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("page_size is -1", "500");
        await jobs.ListJobsAsync(new ListJobsRequest { PageSize = 501 }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("page_size is 501", "500");
        await jobs.ListJobsAsync(new ListJobsRequest { State = "done" }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("state 'done'", "succeeded");
        await jobs.ListJobsAsync(new ListJobsRequest { PageToken = "\0" }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("page_token", "NUL");
        await jobs.GetJobAsync(new GetJobRequest { JobId = "nobody" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "'nobody'");
    }

    [Fact]
    public async Task Writes_OfBadArguments_NameThem()
    {
        var jobs = Jobs;
        var id = (await jobs.SubmitAsync(new GenerateRequest { Task = "A task" }, cancellationToken: Token)).Id;
        using var watch = jobs.WatchJob(new WatchJobRequest { JobId = id, After = -1 }, cancellationToken: Token);

        await watch.ResponseStream.MoveNext(Token).ShouldBeRefusedAsync("after is -1");
        await jobs.CancelJobAsync(new CancelJobRequest { JobId = id, Reason = new string('r', 5_000) }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("reason", "5,000", "4,096");
        await jobs.FeedbackAsync(new FeedbackRequest { JobId = id, Verdict = "liked" }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("verdict 'liked'", "accepted, edited, rejected");
        await jobs.FeedbackAsync(new FeedbackRequest { JobId = id, Verdict = Verdicts.Edited, Diff = new string('d', 2_001) }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("diff", "2,001", "2,000");
        await jobs.FeedbackAsync(new FeedbackRequest { JobId = id, Verdict = Verdicts.Accepted, Comment = "\0" }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("comment", "NUL");
        await jobs.FeedbackAsync(new FeedbackRequest { JobId = id, Verdict = Verdicts.Accepted }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, id, "queued");
        await jobs.ReplayJobAsync(new ReplayJobRequest { JobId = id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, id, "queued");
    }

    private static void Schema(GenerateRequest request, string schema) => (request.Kind, request.ResponseSchema) = (JobKinds.Content, schema);

    /// <summary>Objects in objects, so many levels.</summary>
    private static string Nested(int levels) =>
        levels == 1 ? """{"type":"object"}""" : """{"type":"object","properties":{"a":""" + Nested(levels - 1) + "}}";

    private static void Label(GenerateRequest request, int count)
    {
        for (var i = 0; i < count; i++)
            request.Labels[$"label{i}"] = Encoding.UTF8.GetString([(byte)('a' + i)]);
    }

    private static void File(GenerateRequest request, string path, string text = "") => request.Files.Add(new SourceFile { Path = path, Text = text });

    private async Task RawAsync(byte[] request)
    {
        using var call = _host.Client().AsyncUnaryCall(RawSubmit, null, new CallOptions(cancellationToken: Token), request);
        await call;
    }

    private async Task<Batch> BatchAsync(params BatchItem[] items)
    {
        using var call = Jobs.SubmitBatch(cancellationToken: Token);
        try
        {
            foreach (var item in items)
                await call.RequestStream.WriteAsync(item, Token);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The server may end the call before it has read everything; the response says why.
        }
        catch (InvalidOperationException)
        {
            // The same, once the end has arrived.
        }

        return await call;
    }
}
