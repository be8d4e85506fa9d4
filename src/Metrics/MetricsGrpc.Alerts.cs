using Grpc.Core;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Platform.V1;

namespace Platform.Metrics;

/// <summary>Alerts and their rules over gRPC.</summary>
internal sealed partial class MetricsGrpc
{
    private const int MostTried = 500;

    /// <inheritdoc />
    public override async Task<ListAlertsReply> ListAlerts(ListAlertsRequest request, ServerCallContext context)
    {
        var reply = new ListAlertsReply();
        reply.Alerts.Add((await alerts.ListAsync(Caller.Of(context).Tenant, request.All, context.CancellationToken)).Select(a => a.ToAlert()));
        return reply;
    }

    /// <inheritdoc />
    public override async Task<Alert> AcknowledgeAlert(AcknowledgeAlertRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        var alert = await alerts.AcknowledgeAsync(caller.Tenant, request.Id, caller.KeyId, context.CancellationToken);
        return alert?.ToAlert() ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no alert '{request.Id}'. ListAlerts shows the alerts there are."));
    }

    /// <inheritdoc />
    public override async Task<V1.AlertRules> GetAlertRules(GetAlertRulesRequest request, ServerCallContext context) =>
        RulesOf(await settings.OwnAsync(Caller.Of(context).Tenant, context.CancellationToken));

    /// <inheritdoc />
    public override async Task<V1.AlertRules> SetAlertRules(SetAlertRulesRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        try
        {
            await settings.SaveAsync(caller.Tenant, request.Own.AsReadOnly(), caller.KeyId, context.CancellationToken);
        }
        catch (ArgumentException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }

        return RulesOf(await settings.OwnAsync(caller.Tenant, context.CancellationToken));
    }

    /// <inheritdoc />
    public override async Task<TryAlertRulesReply> TryAlertRules(SetAlertRulesRequest request, ServerCallContext context)
    {
        if (AlertSettings.Problems(request.Own.AsReadOnly()) is { Count: > 0 } problems)
            throw new RpcException(new Status(StatusCode.InvalidArgument, string.Join(" ", problems)));
        var tried = await rehearsal.TryAsync(Caller.Of(context).Tenant, settings.Apply(request.Own.AsReadOnly()), context.CancellationToken);
        var reply = new TryAlertRulesReply();
        reply.Alerts.Add(tried.Take(MostTried).Select(a => new TriedAlert
        {
            Rule = a.Rule,
            OpenedMs = a.OpenedMs,
            ClosedMs = a.ClosedMs,
            Message = a.Worst.Message,
            Value = a.Worst.Value,
            Threshold = a.Worst.Threshold,
        }));
        return reply;
    }

    private V1.AlertRules RulesOf(IReadOnlyDictionary<string, double> own)
    {
        var (now, configured) = (settings.Apply(own), settings.Apply(new Dictionary<string, double>()));
        var rules = new V1.AlertRules();
        rules.Thresholds.Add(AlertSetting.All.Select(s => new AlertThreshold
        {
            Name = s.Name,
            Label = s.Label,
            Value = s.Get(now),
            Configured = s.Get(configured),
            Own = own.ContainsKey(s.Name),
            Least = s.Least,
            Most = s.Most,
            MayBeOff = s.MayBeOff,
        }));
        return rules;
    }
}
