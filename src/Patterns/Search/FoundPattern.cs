using Platform.V1;

namespace Platform.Patterns;

/// <summary>A result before it is put into words.</summary>
internal sealed class FoundPattern(PatternRow row, FusedRank rank, double boost)
{
    public PatternRow Row => row;

    public FusedRank Rank => rank;

    public double Boost => boost;

    public double Score { get; } = rank.Score * boost;

    /// <summary>Near-duplicates that this one stands for.</summary>
    public int Duplicates { get; set; }

    /// <summary>The result as a search asks for it.</summary>
    public PatternHit ToHit(SearchRequest request)
    {
        var hit = ToHit(request.Explain, request.WithText);
        if (request.WithExcerpt)
        {
            (hit.Excerpt, var line) = Excerpt.Of(row.Text, request.Query);
            hit.ExcerptLine = (int)row.StartLine + line;
        }

        return hit;
    }

    public PatternHit ToHit(bool explain, bool withText)
    {
        var hit = new PatternHit
        {
            Id = row.Id,
            Score = Score,
            Project = row.Project,
            Path = row.Record.Length > 0 ? "" : row.Path,
            StartLine = (int)row.StartLine,
            EndLine = (int)row.EndLine,
            Language = row.Language,
            Kind = row.Kind,
            Successes = row.Successes,
            Failures = row.Failures,
            Record = row.Record,
            Name = row.Name,
            Text = withText ? row.Text : "",
            Simulated = row.Simulated != 0,
            Space = row.Space,
            Licence = row.Licence,
        };
        hit.Tags.Add(row.Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (explain)
            Explain(hit);
        return hit;
    }

    private void Explain(PatternHit hit)
    {
        hit.Parts["words"] = rank.WordScore;
        hit.Parts["words_rank"] = rank.WordRank;
        hit.Parts["vector"] = rank.VectorScore;
        hit.Parts["vector_rank"] = rank.VectorRank;
        hit.Parts["fused"] = rank.Score;
        hit.Parts["outcome"] = boost;
        hit.Parts["duplicates"] = Duplicates;
    }
}
