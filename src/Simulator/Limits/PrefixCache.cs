namespace Platform.Simulator.Limits;

/// <summary>
/// The automatic prompt cache: blocks of 128 tokens, exact prefix from the first token, forgotten after five minutes without
/// use. Blocks are remembered by a chained hash, so that a block counts only behind the same start.
/// </summary>
internal sealed class PrefixCache(TimeProvider clock)
{
    public const int BlockTokens = 128;
    private const int BlockCharacters = BlockTokens * TokenCount.CharactersPerToken;
    private const int MaxBlocks = 200_000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Dictionary<ulong, DateTimeOffset> blocks = [];
    private readonly Lock gate = new();

    /// <summary>How many tokens of this prompt were known, a multiple of 128; remembers the prompt.</summary>
    /// <param name="scope">What shares a cache: API and model.</param>
    /// <param name="prompt">The prompt, stable parts first.</param>
    public int Visit(string scope, string prompt)
    {
        if (prompt.Length < BlockCharacters)
            return 0;
        var known = 0;
        var hit = true;
        var hash = Dice.Hash(scope);
        var now = clock.GetUtcNow();
        lock (gate)
        {
            for (var start = 0; start + BlockCharacters <= prompt.Length; start += BlockCharacters)
            {
                hash = Dice.Hash(prompt.AsSpan(start, BlockCharacters), hash);
                hit = hit && blocks.TryGetValue(hash, out var expiry) && expiry > now;
                known += hit ? BlockTokens : 0;
                blocks[hash] = now + Lifetime;
            }

            if (blocks.Count > MaxBlocks)
                Forget(now);
        }

        return known;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var expired in blocks.Where(block => block.Value <= now).Select(block => block.Key).ToList())
            blocks.Remove(expired);
        if (blocks.Count > MaxBlocks)
            blocks.Clear();
    }
}
