using System.Globalization;
using System.Text;
using System.Text.Json;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Several posts that one call writes: for the same platform by the same instructions, each with a task of its own. A quota of requests then gives more posts; every
/// post is finished, checked and counted by itself all the same, and one that the answer leaves out is asked for again alone.
/// </summary>
/// <param name="id">Id of its first post.</param>
/// <param name="ordinal">Place of that post in its campaign.</param>
/// <param name="request">Request of that post.</param>
internal sealed class SharedCall(string id, long ordinal, GenerateRequest request)
{
    /// <summary>Most posts of one call: longer answers come late and end early.</summary>
    public const int Most = 10;

    /// <summary>Longest answer of a call, in tokens.</summary>
    public const int MostTokens = 4_000;

    private const int MaxDepth = 4;

    private readonly List<(long Ordinal, GenerateRequest Request)> _posts = [(ordinal, request)];

    /// <summary>Id of the first post, by which the job is known.</summary>
    public string Id => id;

    /// <summary>How many posts it writes.</summary>
    public int Posts => _posts.Count;

    /// <summary>Whether no further post can join.</summary>
    public bool IsFull => Posts >= Wanted(First) || First.MaxOutputTokens * (Posts + 1) > MostTokens;

    private GenerateRequest First => _posts[0].Request;

    /// <summary>What requests must have in common to share a call: it is one prompt to one model.</summary>
    public static string KindOf(GenerateRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"{request.Platform}\n{request.Tier}\n{Wanted(request)}\n{request.SubjectId}\n{request.MaxOutputTokens}\n{request.System}");

    /// <summary>Takes a post of the same kind in, where the call is not full.</summary>
    public void Add(long place, GenerateRequest other) => _posts.Add((place, other));

    /// <summary>The request; that of one post is its own.</summary>
    public GenerateRequest ToRequest()
    {
        var joined = First.Clone();
        joined.Labels.Remove(JobLabels.Share);
        if (Posts == 1)
            return joined;
        joined.Labels[JobLabels.Posts] = string.Join(',', _posts.Select(p => p.Ordinal.ToString(CultureInfo.InvariantCulture)));
        joined.System = string.Create(CultureInfo.InvariantCulture,
            $"You write {Posts} posts in one answer: one JSON object with the fields {Field(1)} to {Field(Posts)}, each the whole text of one post by its own task. What follows holds for each of them; where it asks for the text only, that text is the value of its field. No two of them say the same in nearly the same words.\n{joined.System}");
        joined.Task = Tasks(_posts.ConvertAll(p => p.Request.Task));
        joined.ResponseSchema = Schema(Posts);
        joined.MaxOutputTokens = First.MaxOutputTokens * Posts;
        return joined;
    }

    /// <summary>Places in the campaign of the posts that a job is for; empty when its label is none of ours.</summary>
    public static IReadOnlyList<long> Ordinals(string label)
    {
        var places = label.Split(',', Most + 1).Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : 0).ToList();
        return places.Count is >= 2 and <= Most && !places.Contains(0) && places.Distinct().Count() == places.Count ? places : [];
    }

    /// <summary>The texts of an answer, in order; null for each that is not there.</summary>
    public static IReadOnlyList<string?> Read(string answer, int posts)
    {
        var texts = new string?[posts];
        try
        {
            using var document = JsonDocument.Parse(Unfenced(answer), new JsonDocumentOptions { MaxDepth = MaxDepth });
            for (var i = 0; i < posts && document.RootElement.ValueKind == JsonValueKind.Object; i++)
                texts[i] = document.RootElement.TryGetProperty(Field(i + 1), out var text) && text.ValueKind == JsonValueKind.String ? Text(text) : null;
        }
        catch (JsonException)
        {
            // Not in the form asked for: nothing of it can be told apart.
        }

        return texts;
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair.
        }
    }

    /// <summary>How many posts may share the call of a request as it is stored.</summary>
    private static int Wanted(GenerateRequest request) => request.Labels.TryGetValue(JobLabels.Share, out var share) && int.TryParse(share, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? Math.Min(most, Most) : 1;

    private static string Field(int number) => string.Create(CultureInfo.InvariantCulture, $"post_{number}");

    /// <summary>What the tasks begin with alike, such as the brief, is said once.</summary>
    private static string Tasks(List<string> tasks)
    {
        var same = tasks[0].Length;
        foreach (var task in tasks.Skip(1))
            same = Math.Min(same, tasks[0].AsSpan().CommonPrefixLength(task));
        var common = tasks[0][..(tasks[0].AsSpan(0, same).LastIndexOf('\n') + 1)];
        var text = new StringBuilder(common);
        for (var i = 0; i < tasks.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"\nTask of {Field(i + 1)}:\n{tasks[i].AsSpan(common.Length)}");
        return text.ToString();
    }

    /// <summary>Fields instead of a list: engines do not take the length of a list in a schema.</summary>
    private static string Schema(int posts)
    {
        var fields = Enumerable.Range(1, posts).Select(Field).ToList();
        return JsonSerializer.Serialize(new { type = "object", properties = fields.ToDictionary(f => f, _ => new { type = "string" }), required = fields, additionalProperties = false });
    }

    /// <summary>Engines without schemas like to put JSON into a code fence.</summary>
    private static string Unfenced(string answer) =>
        answer.IndexOf('{') is var from and >= 0 && answer.LastIndexOf('}') is var to && to > from ? answer[from..(to + 1)] : answer;
}
