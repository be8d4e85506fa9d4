using Platform.V1;

namespace Platform.Patterns;

/// <summary>What a pattern did for a result.</summary>
internal static class UseRoles
{
    /// <summary>It is the result.</summary>
    public const string Replayed = "replayed";

    /// <summary>Its lines stand in the result.</summary>
    public const string Shown = "shown";

    /// <summary>Its name is called in the result.</summary>
    public const string Called = "called";

    /// <summary>The result says the same and was merged into it.</summary>
    public const string Merged = "merged";

    /// <summary>It was in the prompt and left no trace.</summary>
    public const string Offered = "offered";

    /// <summary>Whether outcomes are counted on a pattern with this role: being retrieved is not helping.</summary>
    public static bool Counts(string role) => role is Replayed or Shown or Called;
}

/// <summary>
/// How much of an excerpt stands in a result: the share of its token shingles that are there and were not in the request already. Shingles do not
/// mind white space or line breaks; five tokens in a row that nobody gave to the engine are no coincidence in longer texts.
/// </summary>
internal sealed class Credit
{
    private const int Shingle = 5;
    private const double LeastShare = 0.2;
    private const int Plenty = 12;
    private const int ShortestName = 4;
    private readonly HashSet<ulong> _result = [];
    private readonly HashSet<ulong> _given = [];
    private readonly HashSet<string> _words;
    private readonly HashSet<string> _givenWords = new(StringComparer.Ordinal);

    /// <param name="result">All code of the result.</param>
    /// <param name="given">What the request brought: task, contract, files, tests.</param>
    public Credit(string result, IEnumerable<string> given)
    {
        var tokens = CodeTokens.Of(result);
        _words = [.. tokens.Where(t => t.Length >= ShortestName)];
        _result.UnionWith(CodeTokens.Shingles(tokens, Shingle));
        foreach (var text in given)
        {
            var known = CodeTokens.Of(text);
            _given.UnionWith(CodeTokens.Shingles(known, Shingle));
            _givenWords.UnionWith(known);
        }
    }

    /// <summary>Of a job: what its result, or what came of it, holds.</summary>
    public static Credit Of(Job job)
    {
        var result = job.Result ?? job.Failure?.Partial;
        var code = result is null ? "" : result.Files.Count == 0 ? result.Code : string.Join('\n', result.Files.Select(f => f.Text));
        return new Credit(code, [job.Request.Task, job.Request.Contract, .. job.Request.Files.Select(f => f.Text), .. job.Request.Tests.Select(t => t.Text)]);
    }

    /// <summary>Role and share of a pattern.</summary>
    public (string Role, double Share) Of(string name, string text)
    {
        var shingles = CodeTokens.Shingles(CodeTokens.Of(text), Shingle).Where(s => !_given.Contains(s)).ToHashSet();
        var common = shingles.Count(_result.Contains);
        var share = shingles.Count == 0 ? 0 : (double)common / shingles.Count;
        if (common > 0 && (share >= LeastShare || common >= Plenty))
            return (UseRoles.Shown, share);
        var member = name[(name.LastIndexOf('.') + 1)..];
        return member.Length >= ShortestName && _words.Contains(member) && !_givenWords.Contains(member) ? (UseRoles.Called, share) : (UseRoles.Offered, share);
    }
}
