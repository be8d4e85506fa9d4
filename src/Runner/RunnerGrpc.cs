using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;
using Platform.Validation;
using SourceFile = Platform.Validation.SourceFile;
using TestOutcome = Platform.Validation.TestOutcome;
using TestReport = Platform.V1.TestReport;

namespace Platform.Runner;

/// <summary>The inner door of the runner, for workers only.</summary>
internal sealed class RunnerGrpc(TestRunner runner, RunSlots slots, IOptions<RunnerOptions> options) : V1.Runner.RunnerBase
{
    private const int CasesShown = 100;

    public override async Task<TestReport> RunTests(RunTestsRequest request, ServerCallContext context)
    {
        RequireService(context);
        if (request.TimeoutMs < 0)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"timeout_ms is {request.TimeoutMs}; it must be 0 or more."));
        var run = new TestRun(request.Language, Read(request.Code, request.Language), Read(request.Tests, request.Language), options.Value.Limits(request.TimeoutMs));
        return Write(await slots.RunAsync(() => runner.RunAsync(run, context.CancellationToken), context.CancellationToken));
    }

    public override async Task<RunnerDescription> Describe(DescribeRunnerRequest request, ServerCallContext context)
    {
        RequireService(context);
        var status = await runner.SandboxAsync(context.CancellationToken);
        var description = new RunnerDescription { Sandbox = status.Kind.ToString().ToLowerInvariant(), Reason = status.Reason ?? "" };
        description.Languages.AddRange(TestRunner.Languages);
        return description;
    }

    private static List<SourceFile> Read(IEnumerable<V1.SourceFile> files, string language) =>
        [.. files.Select(file => new SourceFile(file.Path, file.Language.Length > 0 ? file.Language : language, file.Text))];

    private static TestReport Write(Validation.TestReport report)
    {
        var reply = new TestReport
        {
            Outcome = report.Outcome switch
            {
                TestOutcome.Passed => "passed",
                TestOutcome.Failed => "failed",
                TestOutcome.TimedOut => "timed_out",
                TestOutcome.Crashed => "crashed",
                _ => "unchecked",
            },
            Passed = report.Passed,
            Failed = report.Failed,
            Output = report.Output,
            Reason = report.Reason ?? "",
            Ms = report.Ms,
        };
        reply.Cases.AddRange(report.Cases.OrderBy(each => each.Passed).Take(CasesShown)
            .Select(each => new V1.TestCase { Name = each.Name, Passed = each.Passed, Message = each.Message ?? "", Line = each.Line }));
        return reply;
    }

    private static void RequireService(ServerCallContext context)
    {
        if (!Caller.Of(context).IsService)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "The runner's door needs the service credential (Access:ServiceKey)."));
    }
}
