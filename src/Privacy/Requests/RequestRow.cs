using System.Text.Json;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Kinds of requests.</summary>
internal static class RequestKinds
{
    public const string Export = "export";
    public const string Erase = "erase";

    public const string Restrict = "restrict";

    public static readonly IReadOnlyList<string> All = [Export, Erase, "rectify", Restrict, "object"];
}

/// <summary>States of a request.</summary>
internal static class RequestStates
{
    public const string Open = "open";
    public const string Erasing = "erasing";
    public const string Done = "done";
}

/// <summary>A request as the store holds it.</summary>
internal sealed class RequestRow
{
    public const string Columns = "id as Id, tenant as Tenant, kind as Kind, law as Law, pseudonym as Pseudonym, state as State, actor as Actor, received_ms as ReceivedMs, "
        + "confirm_ms as ConfirmMs, confirmed_ms as ConfirmedMs, due_ms as DueMs, extended as Extended, created_ms as CreatedMs, done_ms as DoneMs";

    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Law { get; set; } = "";

    public string Pseudonym { get; set; } = "";

    public string State { get; set; } = RequestStates.Open;

    public string Actor { get; set; } = "";

    public long ReceivedMs { get; set; }

    public long ConfirmMs { get; set; }

    public long ConfirmedMs { get; set; }

    public long DueMs { get; set; }

    public long Extended { get; set; }

    public long CreatedMs { get; set; }

    public long DoneMs { get; set; }

    /// <summary>The request as callers see it.</summary>
    /// <param name="acknowledged">What modules said.</param>
    /// <param name="nowMs">Now, in milliseconds since 1970 UTC.</param>
    public PrivacyRequest ToRequest(IEnumerable<AcknowledgementRow> acknowledged, long nowMs)
    {
        var request = new PrivacyRequest
        {
            Id = Id,
            Kind = Kind,
            Law = Law,
            Pseudonym = Pseudonym,
            State = State,
            ReceivedMs = ReceivedMs,
            ConfirmMs = ConfirmMs,
            ConfirmedMs = ConfirmedMs,
            DueMs = DueMs,
            Extended = Extended != 0,
            DoneMs = DoneMs,
            Overdue = State != RequestStates.Done && (nowMs > DueMs || (ConfirmMs > 0 && ConfirmedMs == 0 && nowMs > ConfirmMs)),
        };
        if (Kind != RequestKinds.Erase || State == RequestStates.Open)
            return request;
        var said = acknowledged.ToDictionary(row => row.Module, StringComparer.Ordinal);
        foreach (var module in PrivacyDesk.Modules)
            request.Modules.Add(said.TryGetValue(module, out var row) ? row.ToErasure() : new ModuleErasure { Module = module });
        request.Remote.AddRange(said.Values.SelectMany(row => JsonSerializer.Deserialize<List<string>>(row.Remote) ?? []).Order(StringComparer.Ordinal));
        return request;
    }
}

/// <summary>What a module said about an erasure.</summary>
internal sealed class AcknowledgementRow
{
    public string RequestId { get; set; } = "";

    public string Module { get; set; } = "";

    public string Counts { get; set; } = "";

    public string Remote { get; set; } = "";

    public long AtMs { get; set; }

    public ModuleErasure ToErasure()
    {
        var erasure = new ModuleErasure { Module = Module, Acknowledged = true, AtMs = AtMs };
        erasure.Erased.Add(JsonSerializer.Deserialize<Dictionary<string, long>>(Counts) ?? []);
        return erasure;
    }
}
