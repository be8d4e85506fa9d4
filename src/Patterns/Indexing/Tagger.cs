using System.Collections.Frozen;

namespace Platform.Patterns;

/// <summary>Tags a pattern by what it is: from its name and its path. What it uses is told by <see cref="Imports"/>.</summary>
internal static class Tagger
{
    private const int MaxTags = 8;

    private static readonly FrozenDictionary<string, string> ByWord = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["controller"] = "controller",
        ["repository"] = "repository",
        ["parser"] = "parser",
        ["parse"] = "parser",
        ["test"] = "test",
        ["tests"] = "test",
        ["spec"] = "test",
        ["retry"] = "retry",
        ["backoff"] = "retry",
        ["page"] = "pagination",
        ["paging"] = "pagination",
        ["pagination"] = "pagination",
        ["cursor"] = "pagination",
        ["cache"] = "cache",
        ["validator"] = "validation",
        ["validate"] = "validation",
        ["serializer"] = "serialization",
        ["serialize"] = "serialization",
        ["deserialize"] = "serialization",
        ["json"] = "json",
        ["xml"] = "xml",
        ["csv"] = "csv",
        ["yaml"] = "yaml",
        ["http"] = "http",
        ["rest"] = "http",
        ["grpc"] = "grpc",
        ["sql"] = "sql",
        ["query"] = "query",
        ["migration"] = "migration",
        ["migrate"] = "migration",
        ["auth"] = "auth",
        ["token"] = "auth",
        ["login"] = "auth",
        ["hash"] = "hashing",
        ["encrypt"] = "crypto",
        ["decrypt"] = "crypto",
        ["queue"] = "queue",
        ["worker"] = "worker",
        ["consumer"] = "messaging",
        ["publisher"] = "messaging",
        ["handler"] = "handler",
        ["middleware"] = "middleware",
        ["factory"] = "factory",
        ["builder"] = "builder",
        ["mapper"] = "mapper",
        ["config"] = "configuration",
        ["options"] = "configuration",
        ["settings"] = "configuration",
        ["logger"] = "logging",
        ["log"] = "logging",
        ["date"] = "time",
        ["time"] = "time",
        ["sort"] = "sorting",
        ["search"] = "search",
        ["regex"] = "regex",
        ["file"] = "files",
        ["stream"] = "streams",
        ["async"] = "async",
        ["thread"] = "concurrency",
        ["lock"] = "concurrency",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Tags(string path, Chunk chunk)
    {
        var words = new Words();
        Tokenizer.Split(chunk.Name, ref words);
        Tokenizer.Split(path, ref words);
        return words.Found.Order(StringComparer.Ordinal).Take(MaxTags);
    }

    /// <summary>Compares stems, since the tokenizer gives stems.</summary>
    private sealed class Words : ITermSink
    {
        private static readonly FrozenDictionary<string, string> ByStem = ByWord
            .GroupBy(w => Stemmer.Stem(w.Key), StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.First().Value, StringComparer.Ordinal);

        private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup = ByStem.GetAlternateLookup<ReadOnlySpan<char>>();

        public HashSet<string> Found { get; } = new(StringComparer.Ordinal);

        public void Add(ReadOnlySpan<char> term)
        {
            if (Lookup.TryGetValue(term, out var tag))
                Found.Add(tag);
        }
    }
}
