using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Platform.Contracts;

namespace Platform.Patterns;

/// <summary>Turns chunks into patterns: hash, shape, tags, terms. Vectors come after, in batches. Not thread-safe; one a thread.</summary>
internal sealed class PatternPreparer(Embedder embedder, string project, bool simulated, long now)
{
    private readonly TermCounter _terms = new();

    /// <summary>Patterns of one file or record, without vectors.</summary>
    public List<Draft> Prepare(string path, string language, IReadOnlyList<Chunk> chunks, string record = "", string jobId = "", Imports? imports = null)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var drafts = new List<Draft>(chunks.Count);
        var telling = TellingPath(record, path);
        foreach (var chunk in chunks)
        {
            var key = $"{chunk.Kind}:{chunk.Name}";
            var ordinal = seen[key] = seen.GetValueOrDefault(key) + 1;
            var row = new PatternRow
            {
                Id = JobId.New(DateTimeOffset.FromUnixTimeMilliseconds(now)),
                Project = project,
                Path = path,
                StartLine = chunk.StartLine,
                EndLine = chunk.EndLine,
                Language = language,
                Kind = chunk.Kind,
                Member = $"{key}:{ordinal.ToString(CultureInfo.InvariantCulture)}",
                Name = chunk.Name,
                Record = record,
                Doc = chunk.Doc,
                Signature = chunk.Signature,
                Space = chunk.Space,
                Text = chunk.Text,
                ContentHash = HashOf($"{chunk.Doc}\0{chunk.Text}"),
                Shape = SimHash.Of(chunk.Body),
                Tags = string.Join(' ', Tagger.Tags(telling, chunk).Concat(imports?.UsedIn(chunk.Body) ?? [])),
                JobId = jobId,
                Simulated = simulated ? 1 : 0,
                CreatedMs = now,
            };
            drafts.Add(Draft(telling, chunk, row));
        }

        return drafts;
    }

    /// <summary>A stored pattern made ready once more: same row, terms and text to embed as they are made today.</summary>
    public static Draft Again(Embedder embedder, PatternRow row) =>
        new PatternPreparer(embedder, row.Project, row.Simulated != 0, row.CreatedMs).Draft(TellingPath(row.Record, row.Path), Chunk.Again(row), row);

    /// <summary>The terms of a stored pattern as they are counted today.</summary>
    public List<TermImpact> TermsAgain(PatternRow row) => Terms(TellingPath(row.Record, row.Path), Chunk.Again(row), row);

    /// <summary>SHA-256 in hex.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The path of a record says nothing of it.</summary>
    private static string TellingPath(string record, string path) => record.Length > 0 ? "" : path;

    private Draft Draft(string path, Chunk chunk, PatternRow row)
    {
        var terms = Terms(path, chunk, row);
        return new Draft(row, terms, $"{chunk.Names}\n{chunk.Signature}\n{chunk.Doc}\n{chunk.Remarks}\n{chunk.Body}", embedder.ByTerms?.Embed(_terms));
    }

    private List<TermImpact> Terms(string path, Chunk chunk, PatternRow row)
    {
        _terms.Clear();
        _terms.Count(Field.Name, chunk.Names);
        _terms.Count(Field.Signature, chunk.Signature);
        _terms.Count(Field.Summary, FirstLine(chunk.Doc));
        _terms.Count(Field.Doc, chunk.Doc);
        _terms.Count(Field.Remarks, chunk.Remarks);
        _terms.Count(Field.Path, path);
        _terms.Count(Field.Body, chunk.Body);
        _terms.AddMark(FilterTerms.All);
        _terms.AddMark(FilterTerms.Language(row.Language));
        _terms.AddMark(FilterTerms.Kind(row.Kind));
        foreach (var tag in row.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            _terms.AddMark(FilterTerms.Tag(tag));
        var terms = new List<TermImpact>(_terms.Terms.Count);
        for (var slot = 0; slot < _terms.Terms.Count; slot++)
            terms.Add(new TermImpact(_terms.Terms[slot], Impact.Of(_terms.Frequency(slot))));
        return terms;
    }

    private static ReadOnlySpan<char> FirstLine(string doc) => doc.AsSpan(0, doc.IndexOf('\n') is var end and >= 0 ? end : doc.Length);
}

/// <summary>A pattern that may lack its vector.</summary>
/// <param name="Row">Its row.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="EmbeddedText">The text to embed.</param>
/// <param name="Vector">Its vector, when the embedder works by terms.</param>
internal sealed record Draft(PatternRow Row, IReadOnlyList<TermImpact> Terms, string EmbeddedText, float[]? Vector)
{
    /// <summary>The pattern with its vector.</summary>
    public PreparedPattern With(float[] vector) => new(Row, vector, Terms);
}
