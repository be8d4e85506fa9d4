using Platform.Contracts.Messages;

namespace Platform.Maya;

/// <summary>A post that nearly repeats another of its campaign.</summary>
/// <param name="Post">How it stands if it is rejected for that.</param>
/// <param name="Of">The other post.</param>
/// <param name="Why">The reason, as it is stored.</param>
internal sealed record NearDuplicate(PostFigures Post, string Of, string Why);
