using Grpc.Core;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Platform.Metrics.Measures;
using Platform.Metrics.Recording;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.V1;

namespace Platform.Metrics;

/// <summary>The gRPC door: translates, asks, translates. Every answer is the caller's tenant's.</summary>
internal sealed partial class MetricsGrpc(
    FiguresQuery figures, MeasuresQuery measures, RoiLedger roi, AlertStore alerts, AlertSettings settings, AlertRehearsal rehearsal, FiguresVersion version, TimeProvider time) : V1.Metrics.MetricsBase
{
    private const long MostBuckets = 10_000;
    private static readonly TimeSpan DefaultStretch = TimeSpan.FromHours(24);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public override Task<Summary> Summarize(SummaryRequest request, ServerCallContext context) =>
        measures.SummarizeAsync(Scope(request, Caller.Of(context).Tenant), context.CancellationToken);

    /// <inheritdoc />
    public override async Task Watch(SummaryRequest request, IServerStreamWriter<Summary> responseStream, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        Summary? sent = null;
        var (seen, posts, read) = (-1L, new Summary(), DateTimeOffset.MinValue);
        using var timer = new PeriodicTimer(WatchEvery, time);
        do
        {
            var now = time.GetUtcNow();
            var due = now - read >= LookAnyway;
            if (version.Value == seen && !due)
                continue;
            seen = version.Value;
            var scope = Scope(request, tenant);
            // Figures of posts are counted from single rows: less often than those that roll-ups hold.
            if (due)
                (posts, read) = (await measures.OfPostsAsync(scope, context.CancellationToken), now);
            var summary = await measures.OfJobsAsync(scope, context.CancellationToken);
            summary.MergeFrom(posts);
            if (Same(sent, summary))
                continue;
            sent = summary;
            await responseStream.WriteAsync(summary, context.CancellationToken);
        }
        while (await timer.WaitForNextTickAsync(context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<Series> GetSeries(SeriesRequest request, ServerCallContext context)
    {
        Require(Steps.All.Contains(request.StepSeconds), "step_seconds", request.StepSeconds, "10, 60, 3600 or 86400");
        var summary = new SummaryRequest { FromMs = request.FromMs, ToMs = request.ToMs, Simulated = request.Simulated };
        var scope = Scope(summary, Caller.Of(context).Tenant) with { Approach = request.Approach };
        var buckets = (scope.ToMs - scope.FromMs) / (request.StepSeconds * 1000);
        Require(buckets <= MostBuckets, "to_ms", request.ToMs, $"at most {MostBuckets} buckets after from_ms; this asks for {buckets}");
        var series = new Series();
        foreach (var (at, rollup) in await figures.SeriesAsync(scope, request.StepSeconds, context.CancellationToken))
            series.Buckets.Add(new Bucket { AtMs = at, Figures = rollup.ToFigures(request.Approach, request.StepSeconds * 1000) });
        return series;
    }

    /// <inheritdoc />
    public override async Task<Roi> GetRoi(RoiRequest request, ServerCallContext context)
    {
        try
        {
            return await roi.ReckonAsync(Caller.Of(context).Tenant, request, context.CancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
    }

    private FiguresScope Scope(SummaryRequest request, string tenant)
    {
        Require(request.Kind.Length == 0 || JobKinds.All.Contains(request.Kind), "kind", request.Kind, string.Join(" or ", JobKinds.All));
        Require(request.FromMs >= 0, "from_ms", request.FromMs, "0 or later");
        var to = request.ToMs > 0 ? request.ToMs : time.GetUtcNow().ToUnixTimeMilliseconds();
        var from = request.FromMs > 0 ? request.FromMs : to - (long)DefaultStretch.TotalMilliseconds;
        Require(from < to, "from_ms", request.FromMs, FormattableString.Invariant($"before to_ms, which is {to}"));
        Require(to <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), "to_ms", request.ToMs, "a time before the year 10000");
        return new FiguresScope(tenant, from, to, request.Simulated, request.Kind);
    }

    /// <summary>Whether two summaries say the same, apart from the moment they end at.</summary>
    private static bool Same(Summary? before, Summary now)
    {
        if (before is null)
            return false;
        var then = before.Clone();
        (then.FromMs, then.ToMs) = (now.FromMs, now.ToMs);
        return then.Equals(now);
    }

    private static void Require(bool holds, string field, object value, string allowed)
    {
        if (!holds)
            throw new RpcException(new Status(StatusCode.InvalidArgument, FormattableString.Invariant($"{field} is '{value}'; use {allowed}.")));
    }
}
