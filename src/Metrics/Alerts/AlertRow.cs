using Platform.V1;

namespace Platform.Metrics.Alerts;

/// <summary>An alert as it is stored.</summary>
internal sealed class AlertRow
{
    /// <summary>Columns in the order of a select.</summary>
    public const string Columns =
        "id, tenant, rule, severity, message, value, threshold, opened_ms as OpenedMs, measured_ms as MeasuredMs, closed_ms as ClosedMs, " +
        "acknowledged_ms as AcknowledgedMs, acknowledged_by as AcknowledgedBy, calm, job_id as JobId";

    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Rule { get; set; } = "";

    public string Severity { get; set; } = "";

    public string Message { get; set; } = "";

    public double Value { get; set; }

    public double Threshold { get; set; }

    public long OpenedMs { get; set; }

    public long MeasuredMs { get; set; }

    public long ClosedMs { get; set; }

    public long AcknowledgedMs { get; set; }

    public string AcknowledgedBy { get; set; } = "";

    /// <summary>Calm judgements in a row.</summary>
    public long Calm { get; set; }

    /// <summary>The job it is about; empty when it is about many.</summary>
    public string JobId { get; set; } = "";

    public Alert ToAlert() => new()
    {
        Id = Id,
        Rule = Rule,
        Severity = Severity,
        Message = Message,
        OpenedMs = OpenedMs,
        ClosedMs = ClosedMs,
        AcknowledgedMs = AcknowledgedMs,
        Value = Value,
        Threshold = Threshold,
        JobId = JobId,
    };
}
