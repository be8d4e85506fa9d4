using Google.Protobuf;
using MassTransit;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Tells every replica that watches a job how it ended. A watcher that misses it finds the end in the ledger a second later.
/// </summary>
internal sealed partial class Announcer(JobStore jobs, WatcherStore watchers, JobFeed feed, Replica replica, IBus bus, ILogger<Announcer> log)
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);

    /// <summary>Announces the end of a job that this ledger has just closed.</summary>
    /// <param name="id">The job.</param>
    /// <param name="origin">Address of the replica that accepted it; empty when nobody waited.</param>
    /// <param name="watched">Whether other replicas may watch it.</param>
    /// <param name="token">Stops.</param>
    public async Task AnnounceAsync(string id, string origin, bool watched, CancellationToken token)
    {
        var addresses = (watched ? await watchers.OfAsync(id, token) : []).Append(origin).Where(a => a.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        if (addresses.Count == 0 || await jobs.FindAsync(id, token) is not { IsClosed: true } row)
            return;
        var ending = await JobWatch.EndingAsync(jobs, row, token);
        foreach (var address in addresses)
        {
            if (address == replica.Address)
                feed.Close(id, ending);
            // A person's text does not go over the broker: watchers elsewhere read the end from the ledger a second later.
            else if (row.Subject.Length == 0)
                await SendAsync(address, id, ending, token);
        }
    }

    private async Task SendAsync(string address, string id, IReadOnlyList<JobEvent> ending, CancellationToken token)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(SendLimit);
            var endpoint = await bus.GetSendEndpoint(new Uri(address));
            await endpoint.Send(new JobEnded { JobId = id, Ending = new JobEvents { Events = { ending } }.ToByteArray() }, limit.Token);
        }
        catch (Exception e) when (!token.IsCancellationRequested)
        {
            LogUnreachable(address, id, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Replica {Address} could not be told that job {JobId} ended; its watchers find it in the ledger.")]
    private partial void LogUnreachable(string address, string jobId, Exception e);
}
