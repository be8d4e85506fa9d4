using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Gathers what every module holds about a subject. A module that does not answer is named, never passed over.</summary>
internal sealed class SubjectExport(IPeers peers, ConsentStore consents, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Records of all modules, then one line a module on what it gave.</summary>
    public async IAsyncEnumerable<(SubjectRecord? Record, ExportedModule? Module)> ReadAsync(string tenant, string pseudonym, [EnumeratorCancellation] CancellationToken token)
    {
        var own = new ExportedModule { Module = PrivacySetup.Store, Answered = true };
        foreach (var consent in await consents.ListAsync(tenant, pseudonym, token))
        {
            own.Records++;
            yield return (new SubjectRecord { Module = own.Module, Kind = "consent", Id = consent.Purpose, AtMs = consent.GivenMs, Json = JsonSerializer.Serialize(new { purpose = consent.Purpose, version = consent.Version, given_ms = consent.GivenMs, withdrawn_ms = consent.WithdrawnMs }) }, null);
        }

        yield return (null, own);
        foreach (var module in PrivacyDesk.Modules)
        {
            var said = new ExportedModule { Module = module };
            await foreach (var record in ReadAsync(tenant, pseudonym, said, token))
                yield return (record, null);
            yield return (null, said);
        }
    }

    private async IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, ExportedModule said, [EnumeratorCancellation] CancellationToken token)
    {
        var client = new SubjectData.SubjectDataClient(peers.For(said.Module));
        using var call = client.Read(new ReadSubjectRequest { Module = said.Module, Pseudonym = pseudonym }, Caller.ForTenant(tenant), time.GetUtcNow().UtcDateTime + Patience, token);
        while (await NextAsync(call.ResponseStream, said, token))
        {
            said.Records++;
            yield return call.ResponseStream.Current;
        }
    }

    private static async Task<bool> NextAsync(IAsyncStreamReader<SubjectRecord> stream, ExportedModule said, CancellationToken token)
    {
        try
        {
            if (await stream.MoveNext(token))
                return true;
            said.Answered = true;
        }
        catch (RpcException e) when (!token.IsCancellationRequested)
        {
            said.Problem = $"{e.StatusCode}: {e.Status.Detail}";
        }

        return false;
    }
}
