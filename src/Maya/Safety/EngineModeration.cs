using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.Maya;

/// <summary>What moderation says of a text.</summary>
/// <param name="Blocked">Whether it must not go out.</param>
/// <param name="Reason">Why, or that nobody judged it; empty when it is fine.</param>
internal readonly record struct Moderated(bool Blocked, string Reason);

/// <summary>Has an OpenAI-compatible endpoint judge texts after the local filters, many in one call. When it fails, the configured policy decides and the text says so.</summary>
internal sealed partial class EngineModeration(IOptions<ModerationOptions> options, ILogger<EngineModeration> log) : IDisposable
{
    private const int MostTexts = 32;
    private const int MaxAnswer = 1_048_576;
    private const int MaxShown = 60;
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MaxAnswer, Timeout = options.Value.Timeout };

    /// <summary>Whether an endpoint is configured.</summary>
    public bool IsOn => options.Value.Url.Length > 0;

    /// <summary>Judges texts, in order. An endpoint that does not answer is not asked for the rest of them: they are many, and wait for nothing else.</summary>
    private async Task<IReadOnlyList<Moderated>> JudgeAsync(IReadOnlyList<string> texts, CancellationToken token)
    {
        var found = new List<Moderated>(texts.Count);
        var silent = "";
        foreach (var chunk in texts.Chunk(MostTexts))
        {
            var (verdicts, why) = silent.Length == 0 ? await AskAsync(chunk, token) : (null, silent);
            silent = why;
            found.AddRange(verdicts ?? Failed(chunk.Length, why));
        }

        return found;
    }

    /// <summary>What is said of a text that is to go out: whether it must not, and whether nobody judged it. Nothing when no endpoint is configured.</summary>
    public async Task<Moderated> JudgeAsync(string text, CancellationToken token) => IsOn ? (await JudgeAsync([text], token))[0] : new(false, "");

    /// <summary>Judges posts that are ready; one that must not go out is blocked and says why.</summary>
    public async Task<Dictionary<T, FinishedPost>> HoldAsync<T>(Dictionary<T, FinishedPost> posts, CancellationToken token)
        where T : notnull
    {
        if (!IsOn)
            return posts;
        var ready = posts.Where(p => p.Value.State == PostStates.Ready).ToList();
        var found = await JudgeAsync(ready.ConvertAll(p => p.Value.Text), token);
        foreach (var ((id, post), (blocked, reason)) in ready.Zip(found).Where(x => x.Second.Reason.Length > 0))
            posts[id] = blocked ? post with { State = PostStates.Blocked, Parts = [], Score = new(0, []), Reasons = [.. post.Reasons.Except(post.Score.Reasons), reason] } : post with { Reasons = [.. post.Reasons, reason] };
        return posts;
    }

    /// <summary>Judges a post whose text somebody gave; one that must not go out is blocked and says why.</summary>
    public async Task HoldAsync(IEnumerable<PostRow> rows, CancellationToken token)
    {
        if (!IsOn)
            return;
        var given = rows.Where(row => row.State is PostStates.Ready or PostStates.Approved && row.Text.Length > 0).ToList();
        var found = await JudgeAsync(given.ConvertAll(row => row.Text), token);
        foreach (var (row, (blocked, reason)) in given.Zip(found).Where(x => x.Second.Reason.Length > 0))
        {
            row.State = blocked ? PostStates.Blocked : row.State;
            row.Reasons = PostRow.Pack([.. row.AllReasons, reason]);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    /// <summary>The verdicts, or why there are none.</summary>
    private async Task<(Moderated[]? Verdicts, string Why)> AskAsync(string[] texts, CancellationToken token)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url) { Content = JsonContent.Create(options.Value.Model.Length > 0 ? new { model = options.Value.Model, input = texts } : (object)new { input = texts }) };
            if (options.Value.ApiKey.Length > 0)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.ApiKey);
            using var response = await _http.SendAsync(request, token);
            if (!response.IsSuccessStatusCode)
                return (null, $"HTTP {(int)response.StatusCode}");
            return Read(await response.Content.ReadAsStringAsync(token), texts.Length) is { } verdicts ? (verdicts, "") : (null, "its answer was not in the form of /v1/moderations");
        }
        catch (HttpRequestException e)
        {
            return (null, e.HttpRequestError.ToString());
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
    }

    private static Moderated[]? Read(string json, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            var results = document.RootElement.GetProperty("results");
            return results.GetArrayLength() == count ? [.. results.EnumerateArray().Select(Verdict)] : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Moderated Verdict(JsonElement result)
    {
        if (!result.GetProperty("flagged").GetBoolean())
            return new(false, "");
        var categories = result.TryGetProperty("categories", out var named) && named.ValueKind == JsonValueKind.Object
            ? named.EnumerateObject().Where(c => c.Value.ValueKind == JsonValueKind.True).Select(c => SafeText.Cut(c.Name, MaxShown)).ToList()
            : [];
        return new(true, $"Blocked: engine moderation found {(categories.Count > 0 ? string.Join(", ", categories) : "something it does not name")}.");
    }

    private Moderated[] Failed(int count, string why)
    {
        LogFailed(why, options.Value.OnFailure);
        var blocked = options.Value.OnFailure == ModerationOptions.Block;
        var reason = blocked
            ? $"Blocked: engine moderation failed ({why}), and Maya:Moderation:OnFailure is block. Edit it when the endpoint answers again."
            : $"Unchecked by engine moderation: it failed ({why}), and Maya:Moderation:OnFailure is allow.";
        return [.. Enumerable.Repeat(new Moderated(blocked, reason), count)];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Engine moderation failed: {Why}. Texts are handled by Maya:Moderation:OnFailure = {Policy}.")]
    private partial void LogFailed(string why, string policy);
}
