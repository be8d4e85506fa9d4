using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Asks the memory whether there is something to replay. It has a short deadline: a slow or absent memory makes a job
/// slower to answer, never impossible.
/// </summary>
internal sealed class MemoryLookup(IPeers peers, EngineCatalog catalog, IOptions<RouterOptions> options, TimeProvider time)
{
    private readonly Lazy<V1.Patterns.PatternsClient> _client = new(() => new V1.Patterns.PatternsClient(peers.For(ModuleNames.Patterns)));

    /// <summary>What the memory knows, or why it was not asked.</summary>
    public async Task<(RecallReply? Known, string Silence)> AskAsync(string tenant, GenerateRequest request, CancellationToken token)
    {
        if (request.Kind != JobKinds.Code)
            return (null, "Content is never replayed.");
        if (request.Approach.Length > 0 && request.Approach != Approaches.Pattern)
            return (null, "Another approach was asked for.");
        try
        {
            var deadline = time.GetUtcNow().UtcDateTime.AddMilliseconds(options.Value.RecallMs);
            var reply = await _client.Value.RecallAsync(new RecallRequest
            {
                Task = request.Task,
                Language = request.Language,
                Project = request.Project,
                Fingerprint = TaskFingerprint.Of(request),
                ReplayOnly = true,
                WithTests = request.Tests.Count > 0,
                Simulated = catalog.Engines.Any(engine => engine is { Enabled: true, Simulated: true }),
            }, Caller.ForTenant(tenant), deadline, token);
            return (reply, "");
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            return (null, $"The memory did not answer in time ({e.StatusCode}).");
        }
    }
}
