using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>
/// Equal requests that their callers call deterministic: those in flight share one upstream call, later ones get the same answer for
/// a while. Equal means every character: same tenant, model tier, limits and messages. One tenant never sees another's answer.
/// </summary>
internal sealed class AnswerCache(InferenceOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Kept> kept = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, Kept Kept)> oldest = new();
    private long characters;

    /// <summary>Key of a request; null when it must not be shared.</summary>
    public static string? KeyOf(JobRun run, EngineRequest request)
    {
        // What is about a person is nowhere but in the ledger, where it can be erased.
        if (!run.Request.Deterministic || run.Request.SubjectId.Length > 0 || request.Tools is { Count: > 0 })
            return null;
        // A batch job may stand in line for long: nobody who waits is to stand there with it.
        var parts = new List<string> { run.Tenant, run.IsBatch ? Lanes.Batch : Lanes.Interactive, string.Join(',', run.Chain.Select(engine => engine.Name)), request.Tier, request.Schema?.GetRawText() ?? "", request.MaxOutputTokens.ToString(System.Globalization.CultureInfo.InvariantCulture) };
        foreach (var message in request.Messages)
            parts.AddRange([message.Role.Value, .. message.Contents.Select(content => content is TextContent text ? text.Text : "")]);
        return request.Messages.SelectMany(message => message.Contents).All(content => content is TextContent)
            ? Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))))
            : null;
    }

    /// <summary>The answer to an equal request, or the one that <paramref name="ask"/> gives.</summary>
    /// <returns>The answer, and whether somebody else paid for it.</returns>
    public async Task<(EngineAnswer Answer, bool Shared)> GetAsync(string key, Func<Task<EngineAnswer>> ask, CancellationToken token)
    {
        while (true)
        {
            var mine = new Kept(time.GetTimestamp());
            Kept? other;
            lock (gate)
            {
                Prune();
                if (!kept.TryGetValue(key, out other))
                {
                    kept[key] = mine;
                    oldest.Enqueue((key, mine));
                }
            }

            if (other is null)
                return (await LeadAsync(key, mine, ask), false);
            if (await other.Answer.WaitAsync(token) is { } answer)
                return (answer, true);
            // Whoever was first failed or was cancelled: that is no answer for anybody else.
        }
    }

    private async Task<EngineAnswer> LeadAsync(string key, Kept mine, Func<Task<EngineAnswer>> ask)
    {
        try
        {
            var answer = await ask();
            Keep(key, mine, answer);
            return answer;
        }
        catch
        {
            Drop(key, mine);
            mine.Set(null);
            throw;
        }
    }

    private void Keep(string key, Kept mine, EngineAnswer answer)
    {
        lock (gate)
        {
            mine.Characters = answer.Text.Length;
            characters += mine.Characters;
        }

        if (options.AnswerCacheSeconds <= 0)
            Drop(key, mine);
        mine.Set(answer);
    }

    private void Drop(string key, Kept mine)
    {
        lock (gate)
        {
            if (kept.TryGetValue(key, out var current) && current == mine && kept.Remove(key))
                characters -= mine.Characters;
        }
    }

    /// <summary>Oldest first: what is too old, and what is too much.</summary>
    private void Prune()
    {
        while (oldest.TryPeek(out var first)
            && (time.GetElapsedTime(first.Kept.At).TotalSeconds > options.AnswerCacheSeconds || characters > options.AnswerCacheCharacters)
            && first.Kept.Answer.IsCompleted)
        {
            oldest.Dequeue();
            if (kept.TryGetValue(first.Key, out var current) && current == first.Kept && kept.Remove(first.Key))
                characters -= first.Kept.Characters;
        }
    }

    private sealed class Kept(long at)
    {
        private readonly TaskCompletionSource<EngineAnswer?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long At => at;

        public long Characters { get; set; }

        /// <summary>The answer; null when there is none.</summary>
        public Task<EngineAnswer?> Answer => answer.Task;

        public void Set(EngineAnswer? value) => answer.TrySetResult(value);
    }
}
