using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Whether a result may enter the memory, and why not.</summary>
/// <param name="Open">It may.</param>
/// <param name="Reason">Why not, in words.</param>
internal readonly record struct GateDecision(bool Open, string Reason);

/// <summary>Lets only verified code into the memory: everything that is recalled later has passed here.</summary>
internal sealed class WriteGate(PatternsOptions options)
{
    private const int ShortestCode = 20;

    public GateDecision Consider(Job job)
    {
        var result = job.Result;
        if (job.State != JobStates.Succeeded || result is null)
            return No("The job did not succeed.");
        if (job.Request.Kind is not ("" or JobKinds.Code))
            return No("It is no code.");
        if (result.Approach == Approaches.Pattern)
            return No("It was replayed from memory; its use is counted instead.");
        if (Blocking(result.Validation) is { } finding)
            return No($"A security finding blocks it: {finding.Rule} {finding.Cwe}.");
        if (result.Validation is not { Ok: true })
            return No("It was not validated.");
        if (job.Request.Tests.Count > 0 && result.Tests?.Outcome != "passed")
            return No("Its tests did not pass.");
        var files = FilesOf(job);
        var length = files.Sum(f => f.Text.Length);
        if (length < ShortestCode || length > options.MaxResultCharacters)
            return No($"It has {length} characters; {ShortestCode} to {options.MaxResultCharacters} are kept.");
        if (SecretScan.Find(job.Request.Task) is { } told)
            return No($"Its task holds a {told}.");
        return files.Select(f => SecretScan.Find(f.Text)).FirstOrDefault(s => s is not null) is { } secret ? No($"It holds a {secret}.") : new GateDecision(true, "");
    }

    /// <summary>Whether a failure may be told to others: neither task nor error holds a secret.</summary>
    public static bool MayTell(Job job, string error) => SecretScan.Find(job.Request.Task) is null && SecretScan.Find(error) is null;

    /// <summary>The files of a result; a result of one piece of code is one file without a path.</summary>
    public static IReadOnlyList<SourceFile> FilesOf(Job job)
    {
        var language = Languages.Normalise(job.Request.Language);
        if (job.Result.Files.Count == 0)
            return job.Result.Code.Length == 0 ? [] : [new SourceFile { Language = language, Text = job.Result.Code }];
        return [.. job.Result.Files.Select(f => new SourceFile { Path = f.Path, Language = f.Language.Length > 0 ? f.Language : language, Text = f.Text })];
    }

    private static SecurityFinding? Blocking(ValidationReport? report) => report?.Files.SelectMany(file => file.Security).FirstOrDefault(finding => finding.Blocks);

    private static GateDecision No(string reason) => new(false, reason);
}
