namespace Platform.Patterns;

/// <summary>What a project is made of: packages, kinds of code, words. Two projects are compared by these.</summary>
/// <param name="Packages">Packages of its manifests.</param>
/// <param name="Tags">Tags with how many patterns carry them.</param>
/// <param name="Words">Words with how many patterns hold them.</param>
internal sealed record ProjectProfile(HashSet<string> Packages, Dictionary<string, double> Tags, Dictionary<string, double> Words)
{
    private const double PackageWeight = 0.4;
    private const double TagWeight = 0.2;
    private const double WordWeight = 0.4;

    /// <summary>0 for nothing in common to 1 for the same. A part that either project does not show is left out.</summary>
    public double SimilarityTo(ProjectProfile other)
    {
        var parts = new List<(double Weight, double Value)>(3);
        if (Packages.Count > 0 && other.Packages.Count > 0)
            parts.Add((PackageWeight, (double)Packages.Intersect(other.Packages).Count() / Packages.Union(other.Packages).Count()));
        if (Tags.Count > 0 && other.Tags.Count > 0)
            parts.Add((TagWeight, Cosine(Tags, other.Tags)));
        if (Words.Count > 0 && other.Words.Count > 0)
            parts.Add((WordWeight, Cosine(Words, other.Words)));
        return parts.Count == 0 ? 0 : parts.Sum(p => p.Weight * p.Value) / parts.Sum(p => p.Weight);
    }

    private static double Cosine(Dictionary<string, double> a, Dictionary<string, double> b)
    {
        static double Weight(double count) => Math.Log(1 + count);
        var dot = a.Where(x => b.ContainsKey(x.Key)).Sum(x => Weight(x.Value) * Weight(b[x.Key]));
        return dot == 0 ? 0 : dot / Math.Sqrt(a.Values.Sum(v => Weight(v) * Weight(v)) * b.Values.Sum(v => Weight(v) * Weight(v)));
    }
}
