using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>A small right program in a scripting language with the tests that it passes: two files of <c>Programs</c>.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Language">As the library names it.</param>
/// <param name="Code">The file that gets broken.</param>
/// <param name="Tests">Tests that stand behind it.</param>
internal sealed record ScriptProgram(string Name, string Language, string Code, string Tests)
{
    private string Extension => Language == "python" ? ".py" : ".js";

    /// <summary>All programs of a language, by name.</summary>
    public static IEnumerable<ScriptProgram> All(string language)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Fixes", "Programs", language);
        foreach (var tests in Directory.EnumerateFiles(folder).Where(IsTest).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(tests).Replace("test_", "", StringComparison.Ordinal).Replace(".test", "", StringComparison.Ordinal);
            yield return new(name, language, Read(Path.Combine(folder, name + Path.GetExtension(tests))), Read(tests));
        }
    }

    /// <summary>The file with another text.</summary>
    public SourceFile With(string text) => new(Name + Extension, Language, text + "\n");

    /// <summary>The tests as a file of their own.</summary>
    public SourceFile TestFile => new(Language == "python" ? $"test_{Name}.py" : Name + ".test.js", Language, Tests + "\n");

    private static bool IsTest(string path) => Path.GetFileName(path) is var name && (name.StartsWith("test_", StringComparison.Ordinal) || name.EndsWith(".test.js", StringComparison.Ordinal));

    private static string Read(string path) => File.ReadAllText(path).TrimEnd('\n');
}
