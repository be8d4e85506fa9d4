using Grpc.Core;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class AlertRulesGrpcSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetAlertRules_ForATenant_AreItsOwnAndNobodyElses()
    {
        await using var host = await MetricsHost.StartAsync();
        var set = await host.Grpc.SetAlertRulesAsync(new SetAlertRulesRequest { Own = { ["ErrorRate"] = 0.25, ["QueueMinutes"] = 0 } }, cancellationToken: Token);
        set.Thresholds.Where(t => t.Own).Select(t => (t.Name, t.Value, t.Configured)).ShouldBe([("ErrorRate", 0.25, 0.1), ("QueueMinutes", 0, 10)]);
        (await host.Grpc.GetAlertRulesAsync(new GetAlertRulesRequest(), cancellationToken: Token)).ShouldBe(set);
        (await host.Grpc.GetAlertRulesAsync(new GetAlertRulesRequest(), Caller.ForTenant("other"), cancellationToken: Token)).Thresholds.ShouldAllBe(t => !t.Own);
        (await host.Grpc.SetAlertRulesAsync(new SetAlertRulesRequest(), cancellationToken: Token)).Thresholds.ShouldAllBe(t => !t.Own);
    }

    [Theory]
    [InlineData("ErrorRate", 7, "ErrorRate is 7; use a number from 0.0001 to 1, or 0 to switch it off.")]
    [InlineData("MinimumJobs", 0, "MinimumJobs is 0")]
    [InlineData("ErrorRate", double.NaN, "ErrorRate is NaN")]
    [InlineData("Colour", 1, "Colour is no threshold")]
    public async Task SetAndTry_OfWhatCannotBe_NameFieldValueAndLimit(string name, double value, string expected)
    {
        await using var host = await MetricsHost.StartAsync();
        var request = new SetAlertRulesRequest { Own = { [name] = value } };
        foreach (var call in new Func<Task>[] { () => host.Grpc.SetAlertRulesAsync(request, cancellationToken: Token).ResponseAsync, () => host.Grpc.TryAlertRulesAsync(request, cancellationToken: Token).ResponseAsync })
        {
            var refused = await Should.ThrowAsync<RpcException>(call);
            refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
            refused.Status.Detail.ShouldContain(expected);
        }
    }

    [Fact]
    public async Task TryAlertRules_OnFailures_SaysWhatWouldHaveOpenedAndStoresNothing()
    {
        await using var host = await MetricsHost.StartAsync();
        await host.Get<FiguresStore>().AddAsync(SampleJobs.Rows(30, Approaches.Mcp, 10, DateTimeOffset.UtcNow.AddMinutes(-20), state: JobStates.Failed), [], Token);
        var tried = await host.Grpc.TryAlertRulesAsync(new SetAlertRulesRequest { Own = { ["ErrorRate"] = 0.5, ["MinimumJobs"] = 1 } }, cancellationToken: Token);
        tried.Alerts.ShouldContain(a => a.Rule == "errors" && a.Value == 1 && a.Threshold == 0.5 && a.Message.Contains("jobs failed", StringComparison.Ordinal));
        (await host.Grpc.TryAlertRulesAsync(new SetAlertRulesRequest { Own = { ["ErrorRate"] = 0 } }, cancellationToken: Token)).Alerts.ShouldNotContain(a => a.Rule == "errors");
        (await host.Grpc.GetAlertRulesAsync(new GetAlertRulesRequest(), cancellationToken: Token)).Thresholds.ShouldAllBe(t => !t.Own);
    }
}
