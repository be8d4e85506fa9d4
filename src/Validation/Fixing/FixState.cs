namespace Platform.Validation;

/// <summary>Files on the way to being fixed, with what is still wrong in them.</summary>
/// <param name="Files">All files.</param>
/// <param name="Faults">What is wrong, in order of place.</param>
/// <param name="Steps">What was done to get here.</param>
/// <param name="Cost">Sum of the costs of the steps.</param>
internal sealed record FixState(IReadOnlyList<SourceFile> Files, FaultList Faults, IReadOnlyList<FixStep> Steps, double Cost)
{
    // An error weighs as much as a few edits: enough to go where errors vanish, not so much that a wild edit beats two small ones.
    private const double ErrorWeight = 4;
    // The same message again is mostly the same cause, and every test that uses a misspelt member says so.
    private const double RepeatWeight = 0.4;
    private const int CountedErrors = 25;

    /// <summary>The lower, the sooner it is looked at.</summary>
    public double Priority => Cost + Weight(Faults);

    /// <summary>Characters changed on the way here: of two ways of one cost the smaller edit goes first.</summary>
    public int Size { get; init; }

    /// <summary>The test run of these files, once there was one.</summary>
    public TestReport? Tests { get; init; }

    private static double Weight(FaultList faults)
    {
        var distinct = Math.Min(CountedErrors, faults.Faults.DistinctBy(f => (f.Path, f.Error.Code, f.Error.Message)).Count());
        return (ErrorWeight * distinct + RepeatWeight * Math.Min(CountedErrors, faults.Count - distinct)) * (faults.WithTests ? 0.5 : 1);
    }

    /// <summary>Identifies the content, so that two ways to the same text are one.</summary>
    public string Key => string.Join('\0', Files.Select(f => f.Text));
}

/// <summary>Everything that keeps files from being right.</summary>
/// <param name="Faults">The faults with the file each stands in.</param>
/// <param name="Errors">Errors of the files alone.</param>
/// <param name="WithTests">True when the files compile alone and the faults come from compiling or running them with their tests.</param>
internal sealed record FaultList(IReadOnlyList<(string Path, CodeDiagnostic Error)> Faults, int Errors, bool WithTests)
{
    /// <summary>Number of faults.</summary>
    public int Count => Faults.Count;

    /// <summary>True when the same error, by code and message, is still there.</summary>
    public bool Has(string path, CodeDiagnostic error) => Faults.Any(f => f.Path == path && f.Error.Code == error.Code && f.Error.Message == error.Message);
}
