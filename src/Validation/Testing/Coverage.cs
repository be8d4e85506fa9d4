namespace Platform.Validation;

/// <summary>How much of the code the tests reached, by line.</summary>
/// <param name="Files">One entry per file with code, in the order of the files.</param>
public sealed record Coverage(IReadOnlyList<FileCoverage> Files)
{
    /// <summary>Lines that hold something to run.</summary>
    public int Lines => Files.Sum(f => f.Lines);

    /// <summary>Lines that were run.</summary>
    public int Covered => Files.Sum(f => f.Lines - f.Missed.Count);

    /// <summary>Share of lines that were run, 0 to 100; 100 when there is nothing to run.</summary>
    public double Percent => Lines == 0 ? 100 : 100.0 * Covered / Lines;
}

/// <summary>The lines of one file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Lines">Lines that hold something to run.</param>
/// <param name="Missed">Those that were not run, in order.</param>
public sealed record FileCoverage(string Path, int Lines, IReadOnlyList<int> Missed);
