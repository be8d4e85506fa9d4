using System.ComponentModel.DataAnnotations;

namespace Platform.Patterns;

/// <summary>Settings of the pattern memory, section <c>Patterns</c>.</summary>
public sealed class PatternsOptions
{
    /// <summary>What the score by words counts for. Default 1.</summary>
    [Range(0, 100)]
    public double WordWeight { get; set; } = 1;

    /// <summary>Points of the word score that a cosine of 1 is worth; 0 leaves vectors out. Default 20, chosen for the built-in embedder.</summary>
    [Range(0, 1000)]
    public double VectorWeight { get; set; } = 20;

    /// <summary>Rows in scope up to which PostgreSQL scans exactly instead of using HNSW. Default 50,000.</summary>
    [Range(0, 10_000_000)]
    public long ExactScanRows { get; set; } = 50_000;

    /// <summary>HNSW candidates a query keeps, <c>hnsw.ef_search</c>. Default 100.</summary>
    [Range(10, 1000)]
    public int EfSearch { get; set; } = 100;

    /// <summary>Tuples an iterative HNSW scan may visit, <c>hnsw.max_scan_tuples</c>. Default 200,000.</summary>
    [Range(1000, 100_000_000)]
    public int MaxScanTuples { get; set; } = 200_000;

    /// <summary>Cosine of two tasks from which a verified result of one may be tried for the other, 0 to 1. Default 0.75, chosen for the built-in embedder.</summary>
    [Range(0.0, 1.0)]
    public double CloseSimilarity { get; set; } = 0.75;

    /// <summary>Cosine of two tasks from which a failure of one is told to the other, 0 to 1. Default 0.5, chosen for the built-in embedder.</summary>
    [Range(0.0, 1.0)]
    public double FailureSimilarity { get; set; } = 0.5;

    /// <summary>Share of jobs from which memory is withheld at random, to measure its lift, 0 to 1. Default 0.05.</summary>
    [Range(0.0, 1.0)]
    public double WithheldShare { get; set; } = 0.05;

    /// <summary>Whether edits that were verified outside of jobs, by <c>platform fix</c> and the editors' tool, are kept. Default true.</summary>
    public bool LearnFixes { get; set; } = true;

    /// <summary>Days after which evidence of success or failure counts half. Default 90.</summary>
    [Range(0.01, 36_500)]
    public double EvidenceHalfLifeDays { get; set; } = 90;

    /// <summary>Largest result the write gate lets in, in characters of all its files. Default 200,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxResultCharacters { get; set; } = 200_000;

    /// <summary>Size of a local store in MiB from which the least valuable patterns are evicted; 0 for no cap. Default 4,096.</summary>
    [Range(0, 10_000_000)]
    public int MaxMebibytes { get; set; } = 4_096;

    /// <summary>Days after which a host removes results and failures that nobody used; 0 keeps them. Indexed code and corrections stay. Default 0.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; }

    /// <summary>Days after which a host removes what was noted of jobs, recalls and events. Default 400.</summary>
    [Range(30, 36_500)]
    public int BookkeepingDays { get; set; } = 400;

    /// <summary>Threads that read and split files during indexing; 0 means one a processor. Default 0.</summary>
    [Range(0, 256)]
    public int IndexThreads { get; set; }

    /// <summary>gRPC address of the team's memory, which is asked after this one and exchanged with by <c>sync</c>; empty for none. Default none.</summary>
    [RegularExpression("^(https?://[^ ]+)?$", ErrorMessage = "Patterns:Team must be an address such as http://memory.example.org:5081.")]
    public string Team { get; set; } = "";

    /// <summary>Most fixes of a tenant; the least useful go first. Default 50,000.</summary>
    [Range(100, 10_000_000)]
    public int MaxFixes { get; set; } = 50_000;

    /// <summary>Most milliseconds that a recall waits to learn how alike two projects are, before it goes on without; the next recall has it. Default 50.</summary>
    [Range(0, 60_000)]
    public int ProfileMs { get; set; } = 50;

    /// <summary>Key of the team's memory. Default none.</summary>
    public string TeamKey { get; set; } = "";

    /// <summary>Most milliseconds that a recall waits for the team's memory. Default 150.</summary>
    [Range(1, 60_000)]
    public int TeamMs { get; set; } = 150;

    /// <summary>The half-life of evidence in milliseconds.</summary>
    internal double HalfLifeMs => TimeSpan.FromDays(EvidenceHalfLifeDays).TotalMilliseconds;
}
