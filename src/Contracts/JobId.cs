using System.Globalization;

namespace Platform.Contracts;

/// <summary>Makes ids that sort by time (UUID version 7, 32 hex digits), and numbers events over deliveries.</summary>
public static class JobId
{
    private const int SequenceBits = 32;

    /// <summary>A new id.</summary>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N", CultureInfo.InvariantCulture);

    /// <summary>
    /// Number of an event: the fence above, the sequence below, so that numbers rise over deliveries
    /// without anybody having to know what an earlier worker sent.
    /// </summary>
    /// <param name="fence">Number of the lease; 0 for events of the router.</param>
    /// <param name="sequence">Position within the lease, from 1.</param>
    public static long EventNumber(long fence, long sequence) => (fence << SequenceBits) | sequence;
}
