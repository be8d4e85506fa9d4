using System.Text.Json;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>A small piece of right code with its tests.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Code">The file that gets broken.</param>
/// <param name="Others">Files it needs.</param>
/// <param name="Tests">Tests that it passes.</param>
internal sealed record Exercise(string Name, SourceFile Code, IReadOnlyList<SourceFile> Others, IReadOnlyList<SourceFile> Tests)
{
    private CSharpCompilation? right;
    private bool? sound;

    /// <summary>The right code with its tests, compiled once.</summary>
    public CSharpCompilation Right => right ??= Compile(Code.Text);

    /// <summary>Whether the code compiles as it is; found out when it is asked for, as a few kinds need a few exercises only.</summary>
    public bool IsSound => sound ??= Right.GetDiagnostics().All(d => d.Severity != DiagnosticSeverity.Error);

    /// <summary>The exercises of a JSON-lines file with <c>slug</c>, <c>reference</c>, <c>tests</c> and <c>extra</c>.</summary>
    public static IEnumerable<Exercise> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var reference = Files(root, "reference");
            if (reference.Count != 1)
                continue;
            yield return new Exercise(root.GetProperty("slug").GetString()!, reference[0], Files(root, "extra"), Files(root, "tests"));
        }
    }

    /// <summary>Everything but the tests, with another text for the code.</summary>
    public IReadOnlyList<SourceFile> With(string text) => [Code with { Text = text }, .. Others];

    /// <summary>Code and tests in one compilation.</summary>
    public CSharpCompilation Compile(string text) => SuiteBuild.Diagnose(With(text), Tests, [], default);

    /// <summary>Number of errors of code and tests together.</summary>
    public int Errors(string text) => Compile(text).GetDiagnostics().Count(d => d.Severity == DiagnosticSeverity.Error);

    private static List<SourceFile> Files(JsonElement root, string name) =>
        root.TryGetProperty(name, out var files) ? [.. files.EnumerateObject().Where(f => f.Name.EndsWith(".cs", StringComparison.Ordinal)).Select(f => SourceFile.FromPath(f.Name, f.Value.GetString()!))] : [];
}
