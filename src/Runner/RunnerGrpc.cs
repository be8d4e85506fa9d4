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
    private const int MissedShown = 200;
    private const int WorkspaceCases = 10_000;
    private const int WorkspaceMessage = 300;

    public override async Task<TestReport> RunTests(RunTestsRequest request, ServerCallContext context)
    {
        RequireService(context);
        if (request.TimeoutMs < 0)
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"timeout_ms is {request.TimeoutMs}; it must be 0 or more."));
        if (request.Workspace)
        {
            var files = Read(request.Code, "").Select(file => file.Language.Length > 0 ? file : SourceFile.FromPath(file.Path, file.Text)).ToList();
            return Write(await slots.RunAsync(() => runner.RunWorkspaceAsync(files, options.Value.WorkspaceLimits(request.TimeoutMs), context.CancellationToken), context.CancellationToken), WorkspaceCases, WorkspaceMessage);
        }

        var run = new TestRun(request.Language, Read(request.Code, request.Language), Read(request.Tests, request.Language), options.Value.Limits(request.TimeoutMs)) { Coverage = request.Coverage };
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

    private static TestReport Write(Validation.TestReport report, int cases = CasesShown, int message = int.MaxValue)
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
        if (report.Coverage is { } coverage)
        {
            reply.Coverage = new V1.Coverage { Lines = coverage.Lines, Covered = coverage.Covered };
            reply.Coverage.Files.AddRange(coverage.Files.Select(file => new V1.FileCoverage { Path = file.Path, Lines = file.Lines, Missed = { file.Missed.Take(MissedShown) } }));
        }

        reply.Cases.AddRange(report.Cases.OrderBy(each => each.Passed).Take(cases)
            .Select(each => new V1.TestCase { Name = each.Name, Passed = each.Passed, Message = each.Message is { } said ? said[..Math.Min(said.Length, message)] : "", Line = each.Line, LoadError = each.LoadError }));
        return reply;
    }

    private static void RequireService(ServerCallContext context)
    {
        if (!Caller.Of(context).IsService)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "The runner's door needs the service credential (Access:ServiceKey)."));
    }
}
