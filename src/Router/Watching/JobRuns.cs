using System.Runtime.CompilerServices;
using Grpc.Core;
using Platform.V1;

namespace Platform.Router;

/// <summary>Takes a request in and follows its job to the end, for callers that stay.</summary>
internal sealed class JobRuns(Admission admission, JobStore jobs, JobWatch watch, JobFeed feed, Replica replica)
{
    /// <summary>Events of the request's job; the first says that it is accepted.</summary>
    /// <param name="tenant">Tenant of the caller.</param>
    /// <param name="request">The request as it came.</param>
    /// <param name="token">Ends the watch, never the job.</param>
    /// <exception cref="RpcException">The request was refused.</exception>
    public async IAsyncEnumerable<JobEvent> RunAsync(string tenant, GenerateRequest request, [EnumeratorCancellation] CancellationToken token)
    {
        JobFeed.Watch? place = null;
        try
        {
            var accepted = await admission.AcceptAsync(tenant, request, replica.Address, id => place = feed.Open(id), token);
            if (accepted.Existing)
            {
                var row = await jobs.FindAsync(tenant, accepted.Id, token) ?? throw new RpcException(new Status(StatusCode.NotFound, $"Job '{accepted.Id}' is not known to this tenant."));
                await foreach (var e in watch.FollowAsync(row, 0, true, token))
                    yield return e;
                yield break;
            }

            yield return JobWatch.JobEvents.Accepted(accepted.ToJob(tenant), false);
            await foreach (var e in watch.LiveAsync(accepted.Id, tenant, place!.Live, JobWatch.JobEvents.AcceptedNumber, token))
                yield return e;
        }
        finally
        {
            place?.Dispose();
        }
    }
}
