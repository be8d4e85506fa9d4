namespace Platform.Simulator.Limits;

/// <summary>How fast an answer comes: a wait before the first token, then so many tokens per second (0 = all at once).</summary>
internal readonly record struct Pace(TimeSpan FirstToken, double TokensPerSecond)
{
    /// <summary>Real servers send about this many events per second and stream, so that a fast model puts several tokens into one event.</summary>
    private const double EventsPerSecond = 200;

    private const int UnpacedTokensPerEvent = 16;

    public bool Unlimited => TokensPerSecond <= 0;

    public int TokensPerEvent => Unlimited ? UnpacedTokensPerEvent : Math.Max(1, (int)Math.Round(TokensPerSecond / EventsPerSecond));

    /// <summary>When the token after <paramref name="tokens"/> is due, counted from the start of the call.</summary>
    public TimeSpan Due(int tokens) => Unlimited ? FirstToken : FirstToken + TimeSpan.FromSeconds(tokens / TokensPerSecond);
}
