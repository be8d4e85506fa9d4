using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Python: the test files of the workspace, by pytest where they ask for it, else by the runner's own driver, with the workspace's folders to import from.</summary>
internal sealed partial class PythonWorkspace : IWorkspaceSuite
{
    public string Name => "python";

    public bool Matches(IReadOnlyList<SourceFile> files) => files.Any(IsTest);

    public Task<PreparedRun> PrepareAsync(IReadOnlyList<SourceFile> files, bool ownFiles, TestLimits limits, CancellationToken token)
    {
        var tests = files.ToLookup(IsTest);
        return PythonSuite.PrepareAsync(new TestRun("python", [.. tests[false]], [.. tests[true]], limits), ownFiles, workspace: true, token);
    }

    private static bool IsTest(SourceFile file) => file.Language == "python" && TestPath().IsMatch(file.Path);

    [GeneratedRegex(@"(?:^|/)(?:test_[^/]*|[^/]*_test)\.py$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TestPath();
}

/// <summary>JavaScript: the files that Node's own test runner takes for tests. What needs an installed package fails before a change as it does after it.</summary>
internal sealed partial class NodeWorkspace : IWorkspaceSuite
{
    private static readonly NodeSuite Suite = new();

    public string Name => "node";

    public bool Matches(IReadOnlyList<SourceFile> files) => files.Any(IsTest);

    public Task<PreparedRun> PrepareAsync(IReadOnlyList<SourceFile> files, bool ownFiles, TestLimits limits, CancellationToken token)
    {
        var tests = files.ToLookup(IsTest);
        // Tests of a workspace load what they need; nothing is put before them.
        return Suite.PrepareAsync(new TestRun("javascript", [.. tests[false].Select(f => f.Language == "javascript" ? f with { Language = "text" } : f)], [.. tests[true]], limits), ownFiles, token);
    }

    private static bool IsTest(SourceFile file) => file.Language == "javascript" && TestPath().IsMatch(file.Path);

    [GeneratedRegex(@"(?:^|/)(?:test/[^/]+|test-[^/]*|test|[^/]*[.\-_](?:test|spec))\.[cm]?js$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TestPath();
}
