using System.Diagnostics;

namespace Platform.Router;

/// <summary>Spans of what the ledger sends after the call that caused it is over.</summary>
internal static class RouterTelemetry
{
    private static readonly ActivitySource Source = new("Platform.Router");

    /// <summary>The trace of the current call, for a row; empty outside one.</summary>
    public static string Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : "";

    /// <summary>
    /// Goes on with the trace of a row. A row of a batch begins a trace of its own that is linked to the batch's: a hundred thousand jobs in one trace can be
    /// shown by nobody. Null when nobody listens or the row has none.
    /// </summary>
    public static Activity? Resume(string name, string trace, bool isBatch)
    {
        if (trace.Length == 0 || !ActivityContext.TryParse(trace, null, isRemote: true, out var accepted))
            return null;
        // The loops that send have a trace of their own or none; neither is the parent.
        Activity.Current = null;
        return isBatch
            ? Source.StartActivity(name, ActivityKind.Producer, default(ActivityContext), links: [new ActivityLink(accepted)])
            : Source.StartActivity(name, ActivityKind.Producer, accepted);
    }
}
