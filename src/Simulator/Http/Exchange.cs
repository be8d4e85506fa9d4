using Platform.Simulator.Answers;
using Platform.Simulator.Limits;

namespace Platform.Simulator.Http;

/// <summary>Token counts of one call.</summary>
internal readonly record struct Usage(int Prompt, int Cached, int Completion, int Reasoning)
{
    public int Total => Prompt + Completion;
}

/// <summary>One call on its way to an answer: everything that the writers of the APIs need.</summary>
internal sealed class Exchange(ChatRequest request, Answer answer, Usage usage, Pace pace, ulong seed, TimeProvider clock, long start)
{
    private string? chatId;
    private string? fingerprint;

    public ChatRequest Request => request;

    public Answer Answer => answer;

    public Usage Usage => usage;

    public Pace Pace => pace;

    public DateTimeOffset Created { get; } = clock.GetUtcNow();

    /// <summary>The model id of the answer: every answer says that it is simulated.</summary>
    public string Model { get; } = request.Model.StartsWith(Labels.ModelPrefix, StringComparison.Ordinal) ? request.Model : Labels.ModelPrefix + request.Model;

    public string ChatId => chatId ??= "chatcmpl-" + Uuid();

    public string Fingerprint => fingerprint ??= "fp_" + Hex(20, 1);

    public TimeSpan Elapsed => clock.GetElapsedTime(start);

    /// <summary>At most 32 digits that belong to this call and one of its parts (0 message, 1 fingerprint, from 2 on tool calls).</summary>
    public string Hex(int digits, int part) => new Dice(seed + ((ulong)part * 0xD1B54A32D192ED03)).Hex(digits);

    /// <summary>Waits until the token after <paramref name="tokens"/> is due; at once when the pace is unlimited.</summary>
    public Task PaceAsync(int tokens, CancellationToken cancellationToken)
    {
        var wait = pace.Due(tokens) - Elapsed;
        return wait < TimeSpan.FromMilliseconds(1) ? Task.CompletedTask : Task.Delay(wait, clock, cancellationToken);
    }

    private string Uuid()
    {
        var hex = Hex(32, 0);
        return $"{hex[..8]}-{hex[8..12]}-{hex[12..16]}-{hex[16..20]}-{hex[20..]}";
    }
}

/// <summary>What marks every answer as simulated.</summary>
internal static class Labels
{
    public const string ModelPrefix = "simulated-";
    public const string Header = "x-platform-simulator";
}
