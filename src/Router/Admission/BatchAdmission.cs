using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Takes batches in, all or none. A small one is stored at once; a larger one comes in chunk by chunk and its jobs are held until the last item is there, so that memory
/// does not grow with it.
/// </summary>
internal sealed class BatchAdmission(Admission admission, Quota quota, Intake intake, Arrivals arrivals, Pulses pulses, IOptions<RouterOptions> options, TimeProvider time)
{
    /// <summary>Items that are prepared at a time: each may ask the memory.</summary>
    private const int Lookups = 16;

    /// <summary>Accepts a batch.</summary>
    /// <exception cref="RpcException">As for one request; the message names the row. ABORTED when the batch came so slowly that it was given up.</exception>
    public async Task<string> AcceptAsync(string tenant, IAsyncEnumerable<BatchItem> items, CancellationToken token)
    {
        await using var chunks = new BatchChunks(options.Value).ReadAsync(items, token).GetAsyncEnumerator(token);
        await chunks.MoveNextAsync();
        var first = chunks.Current.Items[0];
        RequestRules.Short("batch_key", first.BatchKey);
        var terms = RequestRules.Check(first.Terms);
        if (!chunks.Current.IsLast)
            return await ArriveAsync(tenant, first.BatchKey, terms, chunks, token);
        var jobs = await PrepareAsync(tenant, chunks.Current, token);
        var id = await intake.StoreBatchAsync(tenant, JobId.New(time.GetUtcNow()), first.BatchKey, terms, jobs, token);
        pulses.Jobs.Beat();
        return id;
    }

    private async Task<string> ArriveAsync(string tenant, string key, BatchTerms? terms, IAsyncEnumerator<BatchChunk> chunks, CancellationToken token)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Only the items tell whether they are those of the batch there is; none of them is stored again.
        if (await intake.HasKeyAsync(tenant, key, token))
            return await KnownAsync(tenant, key, chunks, hash, token);
        var id = JobId.New(time.GetUtcNow());
        await arrivals.BeginAsync(tenant, id, token);
        try
        {
            var total = 0L;
            do
            {
                var jobs = await PrepareAsync(tenant, chunks.Current, token);
                foreach (var job in jobs)
                    hash.AppendData(job.Request.ToByteArray());
                await arrivals.AddAsync(tenant, id, jobs, token);
                total += jobs.Length;
            }
            while (await chunks.MoveNextAsync());
            var stored = await intake.SealAsync(tenant, id, key, HashOf(hash), terms, total, token);
            if (stored != id)
                await arrivals.DropAsync(id, CancellationToken.None);
            else
                await arrivals.ReleaseAsync(id, CancellationToken.None);
            pulses.Jobs.Beat();
            return stored;
        }
        catch
        {
            // Nothing of a batch that was sealed. When the store does not answer either, the sweep removes what is left.
            await arrivals.DropAsync(id, CancellationToken.None);
            throw;
        }
    }

    private async Task<string> KnownAsync(string tenant, string key, IAsyncEnumerator<BatchChunk> chunks, IncrementalHash hash, CancellationToken token)
    {
        do
        {
            foreach (var (row, item) in chunks.Current.Items.Index())
                hash.AppendData(admission.Check(item, chunks.Current.First + row).ToByteArray());
        }
        while (await chunks.MoveNextAsync());
        return await intake.KnownAsync(tenant, key, HashOf(hash), token);
    }

    private async Task<NewJob[]> PrepareAsync(string tenant, BatchChunk chunk, CancellationToken token)
    {
        await quota.CheckAsync(tenant, chunk.Items.Count, token);
        var jobs = new NewJob[chunk.Items.Count];
        await Parallel.ForAsync(0, jobs.Length, new ParallelOptions { MaxDegreeOfParallelism = Lookups, CancellationToken = token },
            async (row, stop) => jobs[row] = await admission.PrepareAsync(tenant, chunk.Items[row], chunk.First + row, stop));
        return jobs;
    }

    private static string HashOf(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
