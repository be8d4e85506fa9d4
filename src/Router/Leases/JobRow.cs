using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Router;

/// <summary>A row of the ledger, as both engines give it.</summary>
internal sealed class JobRow
{
    public const string Columns = "id, tenant, lane, state, batch_id as BatchId, origin, fence, deliveries, cancel_requested as CancelRequested, "
        + "created_ms as CreatedMs, started_ms as StartedMs, closed_ms as ClosedMs, cost_usd as CostUsd, simulated, trace, request, route, result, failure, subject";

    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Lane { get; set; } = "";

    public string State { get; set; } = "";

    public string? BatchId { get; set; }

    public string Origin { get; set; } = "";

    public long Fence { get; set; }

    public long Deliveries { get; set; }

    public long CancelRequested { get; set; }

    public long CreatedMs { get; set; }

    public long StartedMs { get; set; }

    public long ClosedMs { get; set; }

    /// <summary>What it cost so far, over all its leases.</summary>
    public double CostUsd { get; set; }

    public long Simulated { get; set; }

    public string Trace { get; set; } = "";

    public byte[] Request { get; set; } = [];

    public byte[] Route { get; set; } = [];

    public byte[]? Result { get; set; }

    public byte[]? Failure { get; set; }

    /// <summary>Pseudonym of the subject; empty when there is none. The bytes above are then sealed until <see cref="JobSealing"/> opens them.</summary>
    public string Subject { get; set; } = "";

    /// <summary>Replicas that watch it beside the one that accepted it, rows that ran out included; read by the ledger's own statements only.</summary>
    public long Watched { get; set; }

    /// <summary>What its batch lets one more job spend; 0 when no batch limits it. Read by a claim only.</summary>
    public double RoomUsd { get; set; }

    public bool IsClosed => JobStates.IsClosed(State);

    public Job ToJob() => new()
    {
        Id = Id,
        Tenant = Tenant,
        State = State,
        BatchId = BatchId ?? "",
        Fence = Fence,
        CancelRequested = CancelRequested != 0,
        CreatedMs = CreatedMs,
        StartedMs = StartedMs,
        ClosedMs = ClosedMs,
        Simulated = Simulated != 0,
        Request = GenerateRequest.Parser.ParseFrom(Request),
        Route = RouteDecision.Parser.ParseFrom(Route),
        Result = Result is not null ? JobResult.Parser.ParseFrom(Result) : Bill(),
        Failure = Failure is null ? null : V1.Failure.Parser.ParseFrom(Failure),
    };

    /// <summary>What stands for the result of a job that no worker reported: its leases are paid for all the same.</summary>
    private JobResult? Bill() => IsClosed && CostUsd > 0 ? new JobResult { CostUsd = CostUsd, Simulated = Simulated != 0 } : null;
}

/// <summary>A job that is about to be written.</summary>
/// <param name="Id">Id.</param>
/// <param name="Request">Checked request.</param>
/// <param name="Route">Decision.</param>
internal sealed record NewJob(string Id, GenerateRequest Request, RouteDecision Route)
{
    /// <summary>Key of the person it is about; null when it is about nobody.</summary>
    public SubjectKey? Subject { get; init; }

    /// <summary>Trace of the call that brought it; the store writes on a thread of its own, where it is not known any more.</summary>
    public string Trace { get; } = RouterTelemetry.Current;
}
