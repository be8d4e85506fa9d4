using Grpc.Core;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Brand voices and audience profiles by name.</summary>
internal sealed class ProfileDesk(ProfileStore store)
{
    /// <summary>Stores a voice.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public async Task<Voice> PutAsync(string tenant, Voice voice, CancellationToken token)
    {
        ProfileReader.Check(voice);
        voice.Version = await store.PutAsync(tenant, ProfileStore.Voices, voice.Name, voice, token);
        return voice;
    }

    /// <summary>Stores an audience.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public async Task<Audience> PutAsync(string tenant, Audience audience, CancellationToken token)
    {
        ProfileReader.Check(audience);
        audience.Version = await store.PutAsync(tenant, ProfileStore.Audiences, audience.Name, audience, token);
        return audience;
    }

    /// <summary>A voice; null for an empty name.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such voice.</exception>
    public async Task<Voice?> VoiceAsync(string tenant, string name, CancellationToken token)
    {
        if (name.Length == 0)
            return null;
        var (document, version) = await store.FindAsync(tenant, ProfileStore.Voices, name, token) ?? throw Unknown("Voice", name);
        return Read(document, version);
    }

    /// <summary>A voice, or null when the tenant has none of that name any more.</summary>
    public async Task<Voice?> FindVoiceAsync(string tenant, string name, CancellationToken token) =>
        name.Length > 0 && await store.FindAsync(tenant, ProfileStore.Voices, name, token) is { } found ? Read(found.Document, found.Version) : null;

    /// <summary>An audience; null for an empty name.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such audience.</exception>
    public async Task<Audience?> AudienceAsync(string tenant, string name, CancellationToken token)
    {
        if (name.Length == 0)
            return null;
        var (document, version) = await store.FindAsync(tenant, ProfileStore.Audiences, name, token) ?? throw Unknown("Audience", name);
        return ReadAudience(document, version);
    }

    /// <summary>All voices.</summary>
    public async Task<ListVoicesReply> VoicesAsync(string tenant, CancellationToken token)
    {
        var reply = new ListVoicesReply();
        reply.Voices.AddRange((await store.ListAsync(tenant, ProfileStore.Voices, token)).Select(found => Read(found.Document, found.Version)));
        return reply;
    }

    /// <summary>All audiences.</summary>
    public async Task<ListAudiencesReply> AudiencesAsync(string tenant, CancellationToken token)
    {
        var reply = new ListAudiencesReply();
        reply.Audiences.AddRange((await store.ListAsync(tenant, ProfileStore.Audiences, token)).Select(found => ReadAudience(found.Document, found.Version)));
        return reply;
    }

    /// <summary>Removes a profile.</summary>
    public async Task<DeleteProfileReply> DeleteAsync(string tenant, string kind, string name, CancellationToken token) =>
        new() { Deleted = await store.DeleteAsync(tenant, kind, name, token) };

    private static Voice Read(byte[] document, long version)
    {
        var voice = Voice.Parser.ParseFrom(document);
        voice.Version = version;
        return voice;
    }

    private static Audience ReadAudience(byte[] document, long version)
    {
        var audience = Audience.Parser.ParseFrom(document);
        audience.Version = version;
        return audience;
    }

    private static RpcException Unknown(string what, string name) =>
        new(new Status(StatusCode.NotFound, $"{what} '{(name.Length > 40 ? name[..40] : name)}' is not known to this tenant."));
}
