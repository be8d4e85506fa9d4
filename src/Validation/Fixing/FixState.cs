using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Validation;

/// <summary>Files on the way to being fixed, with what is still wrong in them.</summary>
/// <param name="Files">All files.</param>
/// <param name="Faults">What is wrong, in order of place.</param>
/// <param name="Steps">What was done to get here.</param>
/// <param name="Cost">Sum of the costs of the steps.</param>
internal sealed record FixState(IReadOnlyList<SourceFile> Files, FaultList Faults, IReadOnlyList<FixStep> Steps, double Cost)
{
    private static readonly ConditionalWeakTable<SourceFile, string> Hashes = [];

    /// <summary>The lower, the sooner it is looked at.</summary>
    public double Priority => Cost + Handicap + Faults.Weight;

    /// <summary>Characters changed on the way here: of two ways of one cost the smaller edit goes first.</summary>
    public int Size { get; init; }

    /// <summary>Steps since errors last became fewer: each traded one error for another.</summary>
    public int Sideways { get; init; }

    /// <summary>What this state owes: faults that its last step hides rather than cures, and steps sideways.</summary>
    public double Handicap { get; init; }

    /// <summary>The test run of these files, once there was one.</summary>
    public TestReport? Tests { get; init; }

    /// <summary>The text of a file.</summary>
    public string TextOf(string path) => Files.First(f => f.Path == path).Text;

    /// <summary>Identifies the content, so that two ways to the same text are one: a hash of each file, which unchanged files keep.</summary>
    public string Key => string.Join(' ', Files.Select(f => Hashes.GetValue(f, x => Convert.ToHexString(SHA256.HashData(Encoding.Unicode.GetBytes(x.Text))))));
}

/// <summary>Everything that keeps files from being right.</summary>
/// <param name="Faults">The faults with the file each stands in.</param>
/// <param name="Errors">Errors of the files alone.</param>
/// <param name="WithTests">True when the files compile alone and the faults come from compiling or running them with their tests.</param>
internal sealed record FaultList(IReadOnlyList<(string Path, CodeDiagnostic Error)> Faults, int Errors, bool WithTests)
{
    // An error weighs as much as a few edits: enough to go where errors vanish, not so much that a wild edit beats two small ones.
    private const double ErrorWeight = 4;
    // The same message again is mostly the same cause, and every test that uses a misspelt member says so.
    private const double RepeatWeight = 0.4;
    private const int CountedErrors = 25;

    /// <summary>Number of faults.</summary>
    public int Count => Faults.Count;

    /// <summary>How many of them the parser reports; they stand first.</summary>
    public int Unread { get; init; }

    /// <summary>Number of different messages.</summary>
    public int Distinct { get; } = Faults.DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).Count();

    /// <summary>What the faults weigh in the order of states.</summary>
    public double Weight => WeightOf(Distinct);

    /// <summary>What they would weigh with one cause less. While the parser is lost only what it says counts: the rest follows from it.</summary>
    public double WeightWithoutOne => WeightOf(Math.Max(0, (Unread == 0 ? Distinct : Faults.Take(Unread).DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).Count()) - 1));

    /// <summary>True when the same error, by code and message, is still there.</summary>
    public bool Has(string path, CodeDiagnostic error) => Faults.Any(f => f.Path == path && f.Error.Code == error.Code && f.Error.Message == error.Message);

    private double WeightOf(int distinct)
    {
        var counted = Math.Min(CountedErrors, distinct);
        return (ErrorWeight * counted + RepeatWeight * (distinct == 0 ? 0 : Math.Min(CountedErrors, Count - Distinct))) * (WithTests ? 0.5 : 1);
    }
}
