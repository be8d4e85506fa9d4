using System.Collections.Concurrent;

namespace Platform.Validation;

/// <summary>Verdicts on files, kept by their content. Safe to use from many threads.</summary>
/// <param name="most">Verdicts kept at most.</param>
/// <param name="lasts">Whether a verdict is worth keeping: what could not be checked now may be checkable later, for a tool gets installed and a busy machine gets time.</param>
internal sealed class VerdictCache<T>(int most, Func<T, bool> lasts)
    where T : class
{
    private readonly ConcurrentDictionary<string, T> known = new();

    /// <summary>One verdict per file, in order.</summary>
    /// <param name="judge">The name of who judges.</param>
    /// <param name="files">The files.</param>
    /// <param name="together">True when a file's verdict depends on the others: one that changed changes all. Otherwise only those are judged that nobody asked about before.</param>
    /// <param name="ask">Judges files.</param>
    public async Task<IReadOnlyList<T>> GetAsync(string judge, IReadOnlyList<SourceFile> files, bool together, Func<IReadOnlyList<SourceFile>, Task<IReadOnlyList<T>>> ask)
    {
        var whole = together ? ContentKey.Of(judge, files) : "";
        var keys = files.Select((f, at) => together ? $"{whole}/{at}" : ContentKey.Of(judge, [f])).ToList();
        var verdicts = keys.Select(k => known.GetValueOrDefault(k)).ToArray();
        var missing = Enumerable.Range(0, files.Count).Where(i => verdicts[i] is null || (together && verdicts.Contains(null))).ToList();
        if (missing.Count == 0)
            return verdicts!;
        // Dropping everything is as good as dropping the oldest here: a fix loop asks for the same content within seconds.
        if (known.Count + missing.Count > most)
            known.Clear();
        foreach (var (at, verdict) in missing.Zip(await ask([.. missing.Select(i => files[i])])))
        {
            verdicts[at] = verdict;
            if (lasts(verdict))
                known[keys[at]] = verdict;
        }
        return verdicts!;
    }
}
