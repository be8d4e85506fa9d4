namespace Platform.Validation;

/// <summary>One way in which a workspace keeps tests of its own: what belongs to them and how they are run.</summary>
internal interface IWorkspaceSuite
{
    /// <summary>The tool, as it stands before the names of tests where a workspace has several kinds.</summary>
    string Name { get; }

    /// <summary>True when the workspace has tests of this kind.</summary>
    bool Matches(IReadOnlyList<SourceFile> files);

    /// <summary>Makes the run ready; what keeps it from starting is a value.</summary>
    Task<PreparedRun> PrepareAsync(IReadOnlyList<SourceFile> files, bool ownFiles, TestLimits limits, CancellationToken token);
}
