using Grpc.Core;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What prompts draw on besides the brief: voice, audience, what performed, and the arms of an experiment.</summary>
internal sealed record PostBackground
{
    /// <summary>Brand voice, or null.</summary>
    public Voice? Voice { get; init; }

    /// <summary>Audience profile, or null.</summary>
    public Audience? Audience { get; init; }

    /// <summary>What each platform's own posts teach.</summary>
    public IReadOnlyDictionary<string, LearnedPlatform> Learned { get; init; } = new Dictionary<string, LearnedPlatform>();
}

/// <summary>Gathers what prompts draw on.</summary>
internal sealed class PostBackgrounds(ProfileDesk profiles, OutcomeModels models, CampaignSealing sealing)
{
    /// <summary>The background of posts.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="voice">Name of a stored voice; empty for none.</param>
    /// <param name="audience">Name of a stored audience; empty for none.</param>
    /// <param name="platforms">Platforms whose own posts are to teach; none when nothing is to be learned.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="RpcException">NOT_FOUND when a profile is not there; FAILED_PRECONDITION when it is about a person who is restricted.</exception>
    public async Task<PostBackground> GetAsync(string tenant, string voice, string audience, IEnumerable<string> platforms, CancellationToken token)
    {
        var learned = new Dictionary<string, LearnedPlatform>(StringComparer.Ordinal);
        foreach (var platform in platforms.Distinct())
            learned[platform] = await models.GetAsync(tenant, platform, simulated: false, token);
        var readers = await profiles.AudienceAsync(tenant, audience, token);
        await sealing.UseAsync(tenant, readers?.SubjectId ?? "", token);
        return new PostBackground { Voice = await profiles.VoiceAsync(tenant, voice, token), Audience = readers, Learned = learned };
    }
}
