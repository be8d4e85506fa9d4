namespace Platform.Patterns;

/// <summary>The lines of a text that say most of a query: what a person looks at first.</summary>
internal static class Excerpt
{
    private const int Lines = 5;
    private const int MostLines = 400;
    private const float Repeated = 0.1f;
    private const float Same = 0.001f;

    /// <param name="text">The text.</param>
    /// <param name="query">The query.</param>
    /// <returns>The lines, and which of the text they begin with, counted from 0.</returns>
    public static (string Text, int Line) Of(string text, string query)
    {
        var lines = text.Split('\n').Take(MostLines).Select(l => l.TrimEnd()).ToList();
        if (lines.Count <= Lines)
            return (string.Join('\n', lines).TrimEnd('\n'), 0);
        var weights = new Dictionary<string, float>(StringComparer.Ordinal);
        foreach (var concept in QueryTerms.Of(query).Concepts)
        {
            weights[concept.Term] = concept.Weight;
            foreach (var other in concept.Related)
                weights.TryAdd(other.Term, concept.Weight * other.Share);
        }

        var said = lines.Select(l => QueryTerms.SetOf(l).Where(weights.ContainsKey).ToList()).ToList();
        var (first, last, most) = (0, 0, 0f);
        for (var at = 0; at + Lines <= lines.Count; at++)
        {
            var terms = said.Skip(at).Take(Lines).SelectMany(t => t).ToList();
            var worth = terms.Distinct(StringComparer.Ordinal).Sum(t => weights[t]) + (Repeated * terms.Sum(t => weights[t]));
            if (worth > most + Same)
                (first, last, most) = (at, at, worth);
            else if (worth > most - Same && last == at - 1)
                last = at;
        }

        // Of several places alike the middle one: what was looked for has lines before and after it.
        var best = (first + last) / 2;
        return (string.Join('\n', lines.Skip(best).Take(Lines)).TrimEnd('\n'), best);
    }
}
