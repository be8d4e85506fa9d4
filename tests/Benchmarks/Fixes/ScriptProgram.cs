using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>A small right program in a scripting language with the tests that it passes.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Language">As the library names it.</param>
/// <param name="Code">The file that gets broken.</param>
/// <param name="Tests">Tests that stand behind it.</param>
internal sealed record ScriptProgram(string Name, string Language, string Code, string Tests)
{
    private string Extension => Language == "python" ? ".py" : ".js";

    /// <summary>The file with another text.</summary>
    public SourceFile With(string text) => new(Name + Extension, Language, text + "\n");

    /// <summary>The tests as a file of their own.</summary>
    public SourceFile TestFile => new(Language == "python" ? $"test_{Name}.py" : Name + ".test.js", Language, Language == "python" ? $"from {Name} import *\n\n{Tests}\n" : Tests + "\n");
}
