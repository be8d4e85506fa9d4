namespace Platform.Validation;

/// <summary>Proposes fixes for one error: from memory, by rules, or by asking an engine. Proposals are verified by the fix engine, so a source may guess.</summary>
public interface IFixSource
{
    /// <summary>The name in fix steps: <c>memory</c>, <c>rule</c> or <c>engine</c>.</summary>
    string Name { get; }

    /// <summary>Candidates in any order; empty when the source knows nothing about the error.</summary>
    Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token);
}

/// <summary>One error in its surroundings.</summary>
/// <param name="Files">All files as they stand now.</param>
/// <param name="File">The file with the error; one of <see cref="Tests"/> when the tests show what is wrong.</param>
/// <param name="Error">The error to fix.</param>
public sealed record FixContext(IReadOnlyList<SourceFile> Files, SourceFile File, CodeDiagnostic Error)
{
    /// <summary>Files that are compiled with these and never changed.</summary>
    public IReadOnlyList<SourceFile> Context { get; init; } = [];

    /// <summary>The tests that the files are compiled with; empty while the files do not compile alone. They are never changed.</summary>
    public IReadOnlyList<SourceFile> Tests { get; init; } = [];
}

/// <summary>One possible fix.</summary>
/// <param name="Path">The file it changes.</param>
/// <param name="Text">That file's whole new text.</param>
/// <param name="Fix">What it does, in a few words.</param>
/// <param name="Explanation">What was wrong and why this works, in one or two sentences.</param>
public sealed record FixCandidate(string Path, string Text, string Fix, string Explanation)
{
    /// <summary>How far from the given text this is and how bold a guess: about one per changed letter or token; default 3. The cheapest fix that verifies wins.</summary>
    public double Cost { get; init; } = 3;

    /// <summary>How many errors the parser still reports behind it; 0 where that is not known. Where several edits help, one that lets the parser read everything is the likelier.</summary>
    internal int Unread { get; init; }

    /// <summary>True where a value is made up so that the code compiles: 0, an empty text, null. Without a test that confirms it, the work is not done.</summary>
    public bool Invented { get; init; }
}
