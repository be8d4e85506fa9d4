using Grpc.Core;

namespace Platform.Router;

/// <summary>The money one job may cost.</summary>
internal static class CostLimit
{
    /// <summary>Most that a claimed job may cost in all, in US dollars: the smaller of its request's limit and of what its batch has left for it; 0 when neither limits it.</summary>
    /// <param name="requestedUsd">Limit of the request; 0 for none.</param>
    /// <param name="row">The row as it was claimed. What it spent before is no longer in the batch's room, so it is added.</param>
    public static double Of(double requestedUsd, JobRow row)
    {
        if (row.RoomUsd <= 0)
            return requestedUsd;
        var left = row.CostUsd + row.RoomUsd;
        return requestedUsd > 0 ? Math.Min(requestedUsd, left) : left;
    }

    /// <summary>Refuses what cannot be an amount: it would stay in every sum.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT.</exception>
    public static void CheckSpent(double usd)
    {
        if (!double.IsFinite(usd) || usd < 0)
            throw RequestRules.Refuse($"the cost of the job is said to be {usd} US dollars; it must be 0 or more.");
    }
}
