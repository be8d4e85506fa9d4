using Platform.Simulator.Http;

namespace Platform.Simulator.Faults;

/// <summary>What a fault does to an answer that is on its way; <see cref="None"/> for faults that refuse the call.</summary>
internal enum Damage
{
    None,
    StreamError,
    Cut,
    CutClean,
    Stall,
    SlowFirstByte,
    SplitUtf8,
    Crlf,
    Length,
    Empty,
}

/// <summary>
/// One way to fail: either a refusal with a status, or damage to the answer. <paramref name="Early"/> damage comes after the
/// response headers and before the first token, other damage in the middle of the answer.
/// </summary>
internal sealed record Fault(string Name, Refusal? Refusal, Damage Damage = Damage.None, bool Early = false)
{
    private static readonly Dictionary<string, Fault> Known = new Fault[]
    {
        new("401", Http.Refusal.WrongKey),
        new("402", Http.Refusal.PaymentRequired),
        new("404-model", Http.Refusal.UnknownModel),
        new("408", Http.Refusal.Timeout),
        new("422", Http.Refusal.Unprocessable),
        new("429-queue", Http.Refusal.Overloaded),
        new("429-requests", Http.Refusal.RequestQuota),
        new("429-tokens", Http.Refusal.TokenQuota),
        new("429-day", Http.Refusal.LongQuota),
        new("500", Http.Refusal.ServerError),
        new("502-html", Http.Refusal.BadGateway),
        new("503", Http.Refusal.Unavailable),
        new("529", Http.Refusal.Overloaded),
        new("mid-stream-error", null, Damage.StreamError),
        new("mid-stream-error-early", null, Damage.StreamError, Early: true),
        new("cut", null, Damage.Cut),
        new("cut-early", null, Damage.Cut, Early: true),
        new("cut-clean", null, Damage.CutClean),
        new("cut-clean-early", null, Damage.CutClean, Early: true),
        new("stall", null, Damage.Stall),
        new("stall-early", null, Damage.Stall, Early: true),
        new("slow-first-byte", null, Damage.SlowFirstByte),
        new("split-utf8", null, Damage.SplitUtf8),
        new("crlf", null, Damage.Crlf),
        new("length", null, Damage.Length),
        new("empty", null, Damage.Empty),
    }.ToDictionary(fault => fault.Name, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    public static Fault Find(string name) => Known.TryGetValue(name, out var fault)
        ? fault
        : throw new ArgumentException($"fault: '{name}' is unknown; known are {string.Join(", ", Names)}");
}
