using Google.Protobuf;
using Grpc.Core;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Brand voices and audience profiles by name.</summary>
internal sealed class ProfileDesk(ProfileStore store, SubjectVault vault)
{
    /// <summary>Stores a voice.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public async Task<Voice> PutAsync(string tenant, Voice voice, CancellationToken token)
    {
        ProfileReader.Check(voice);
        voice.Version = await store.PutAsync(tenant, ProfileStore.Voices, voice.Name, voice.ToByteArray(), "", token);
        return voice;
    }

    /// <summary>Stores an audience; one that is about a person under that person's key.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    /// <exception cref="RpcException">FAILED_PRECONDITION when the person is restricted.</exception>
    public async Task<Audience> PutAsync(string tenant, Audience audience, CancellationToken token)
    {
        ProfileReader.Check(audience);
        var person = audience.SubjectId.Length == 0 ? null : await vault.UseAsync(tenant, audience.SubjectId, token);
        var document = audience.ToByteArray();
        audience.Version = await store.PutAsync(tenant, ProfileStore.Audiences, audience.Name, person?.Seal(Place(audience.Name), document) ?? document, person?.Pseudonym ?? "", token);
        return audience;
    }

    /// <summary>A voice; null for an empty name.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such voice.</exception>
    public async Task<Voice?> VoiceAsync(string tenant, string name, CancellationToken token)
    {
        if (name.Length == 0)
            return null;
        return Read(await store.FindAsync(tenant, ProfileStore.Voices, name, token) ?? throw Unknown("Voice", name));
    }

    /// <summary>A voice, or null when the tenant has none of that name any more.</summary>
    public async Task<Voice?> FindVoiceAsync(string tenant, string name, CancellationToken token) =>
        name.Length > 0 && await store.FindAsync(tenant, ProfileStore.Voices, name, token) is { } found ? Read(found) : null;

    /// <summary>An audience; null for an empty name.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such audience.</exception>
    public async Task<Audience?> AudienceAsync(string tenant, string name, CancellationToken token)
    {
        if (name.Length == 0)
            return null;
        return await FindAudienceAsync(tenant, name, token) ?? throw Unknown("Audience", name);
    }

    /// <summary>An audience; null when the tenant has none of that name any more, or it was about a person who is erased.</summary>
    public async Task<Audience?> FindAudienceAsync(string tenant, string name, CancellationToken token) =>
        await store.FindAsync(tenant, ProfileStore.Audiences, name, token) is { } found ? await OpenAsync(found, token) : null;

    /// <summary>All voices.</summary>
    public async Task<ListVoicesReply> VoicesAsync(string tenant, CancellationToken token)
    {
        var reply = new ListVoicesReply();
        reply.Voices.AddRange((await store.ListAsync(tenant, ProfileStore.Voices, token)).Select(Read));
        return reply;
    }

    /// <summary>All audiences.</summary>
    public async Task<ListAudiencesReply> AudiencesAsync(string tenant, CancellationToken token)
    {
        var reply = new ListAudiencesReply();
        foreach (var row in await store.ListAsync(tenant, ProfileStore.Audiences, token))
        {
            if (await OpenAsync(row, token) is { } audience)
                reply.Audiences.Add(audience);
        }

        return reply;
    }

    /// <summary>Removes a profile.</summary>
    public async Task<DeleteProfileReply> DeleteAsync(string tenant, string kind, string name, CancellationToken token) =>
        new() { Deleted = await store.DeleteAsync(tenant, kind, name, token) };

    private static Voice Read(ProfileRow row)
    {
        var voice = Voice.Parser.ParseFrom(row.Document);
        voice.Version = row.Version;
        return voice;
    }

    private async Task<Audience?> OpenAsync(ProfileRow row, CancellationToken token)
    {
        var key = row.SubjectId.Length == 0 ? null : await vault.FindAsync(row.Tenant, row.SubjectId, token);
        if (key is null && row.SubjectId.Length > 0)
            return null;
        var audience = Audience.Parser.ParseFrom(key?.Open(Place(row.Name), row.Document) ?? row.Document);
        audience.Version = row.Version;
        return audience;
    }

    private static string Place(string name) => $"profiles.document:{name}";

    private static RpcException Unknown(string what, string name) =>
        new(new Status(StatusCode.NotFound, $"{what} '{(name.Length > 40 ? name[..40] : name)}' is not known to this tenant."));
}
