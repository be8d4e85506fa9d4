namespace Platform.Maya;

/// <summary>A post that nearly repeats another of its campaign; small, for there may be one for every post.</summary>
/// <param name="Place">Its place in the campaign.</param>
/// <param name="Of">Place of the other post.</param>
/// <param name="Overlap">How much they overlap, 0 to 1.</param>
internal readonly record struct NearDuplicate(int Place, int Of, float Overlap);
