using System.Text.Json;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Row of table results.</summary>
internal sealed class StoredResult
{
    internal const string Columns = """
        pattern as Pattern, fingerprint as Fingerprint, project as Project, language as Language, task as Task, files as Files,
        tests_passed as TestsPassed, tests_trust as TestsTrust, simulated as Simulated, job_id as JobId
        """;

    public string Pattern { get; set; } = "";

    public string Fingerprint { get; set; } = "";

    public string Project { get; set; } = "";

    public string Language { get; set; } = "";

    public string Task { get; set; } = "";

    public string Files { get; set; } = "";

    public long TestsPassed { get; set; }

    public string TestsTrust { get; set; } = "";

    public long Simulated { get; set; }

    public string JobId { get; set; } = "";

    /// <summary>What it is compared with others by.</summary>
    public CodeSketch Sketch => field ??= CodeSketch.Of(Unpack(Files));

    /// <summary>The same, with what it is compared by reckoned: nobody waits for that in a transaction.</summary>
    public StoredResult Sketched()
    {
        _ = Sketch.Bands;
        return this;
    }

    /// <summary>Trust of results that were kept before it was noted: tests that passed then were the caller's.</summary>
    public static string TrustOf(string kept, long testsPassed) => kept.Length > 0 ? kept : testsPassed != 0 ? "caller" : "none";

    public static string Pack(IEnumerable<SourceFile> files) => JsonSerializer.Serialize(files.Select(f => new[] { f.Path, f.Language, f.Text }));

    public static IEnumerable<SourceFile> Unpack(string files) => JsonSerializer.Deserialize<string[][]>(files)!.Select(f => new SourceFile { Path = f[0], Language = f[1], Text = f[2] });

    public VerifiedResult ToResult(double similarity)
    {
        var result = new VerifiedResult
        {
            PatternId = Pattern,
            Fingerprint = Fingerprint,
            Project = Project,
            TestsPassed = TestsPassed != 0,
            TestsTrust = TrustOf(TestsTrust, TestsPassed),
            Simulated = Simulated != 0,
            JobId = JobId,
            Similarity = similarity,
        };
        result.Files.Add(Unpack(Files));
        return result;
    }
}
