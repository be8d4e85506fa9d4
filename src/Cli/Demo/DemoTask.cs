using System.Reflection;
using Platform.V1;

namespace Platform.Cli.Demo;

/// <summary>A task of the demo, with its tests; both are text files beside this one.</summary>
/// <param name="Name">Name shown.</param>
/// <param name="Request">The request.</param>
internal sealed record DemoTask(string Name, GenerateRequest Request)
{
    private const string Folder = "Platform.Cli.Demo.Tasks.";

    /// <summary>The task by name.</summary>
    public static DemoTask Load(string name, string project) => new(name, new GenerateRequest
    {
        Task = Text($"{name}.md").Trim(),
        Language = "csharp",
        Project = project,
        Tests = { new SourceFile { Path = $"{char.ToUpperInvariant(name[0])}{name[1..]}Tests.cs", Language = "csharp", Text = Text($"{name}.tests.cs") } },
    });

    /// <summary>A text file of the demo.</summary>
    public static string Text(string file)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + file)
            ?? throw new InvalidOperationException($"The demo's file '{file}' is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
