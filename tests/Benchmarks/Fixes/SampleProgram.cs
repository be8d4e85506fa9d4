using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>Makes exercises of programs that check themselves.</summary>
internal static class SampleProgram
{
    private const string Usings = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\nusing System.Threading.Tasks;\n\n";

    public static Exercise Of(string name, string code, string tests) =>
        new(name, new SourceFile(name + ".cs", "csharp", Usings + code + "\n"), [], [new SourceFile(name + "Tests.cs", "csharp", tests)]);

    public static Exercise Program(string name, string code) => new(name, new SourceFile(name + ".cs", "csharp", Usings + code + "\n"), [], []);
}
