using System.Text.Json;
using Platform.V1;

namespace Platform.Benchmarks.Tdd;

/// <summary>A task with unfinished code, tests, and code that passes them.</summary>
/// <param name="Slug">Its name.</param>
/// <param name="Instructions">The task in words.</param>
/// <param name="Given">Unfinished code and what it needs.</param>
/// <param name="Tests">The tests.</param>
/// <param name="Reference">Right code, under the paths of the unfinished code.</param>
internal sealed record TddTask(string Slug, string Instructions, IReadOnlyList<SourceFile> Given, IReadOnlyList<SourceFile> Tests, IReadOnlyList<SourceFile> Reference)
{
    // What the tasks' projects import by setting stands in the code here, as engines write it.
    private static readonly string[] Usings = ["System", "System.Collections.Generic", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    /// <summary>The tasks of a JSON-lines file with <c>slug</c>, <c>instructions</c>, <c>stub</c>, <c>tests</c>, <c>reference</c> and perhaps <c>extra</c>.</summary>
    public static IEnumerable<TddTask> Read(string path)
    {
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            var root = JsonElement.Parse(line);
            var (stub, extra, reference) = (Files(root, "stub"), Files(root, "extra"), Files(root, "reference"));
            // The one file of right code stands under another name than the one file that it finishes.
            if (stub is [var unfinished] && reference is [var only])
                reference = [new SourceFile { Path = unfinished.Path, Language = only.Language, Text = only.Text }];
            reference = [.. reference.Select(f => new SourceFile { Path = f.Path, Language = f.Language, Text = Complete(f.Text) })];
            yield return new TddTask(root.GetProperty("slug").GetString()!, root.GetProperty("instructions").GetString()!, [.. stub, .. extra], Files(root, "tests"), reference);
        }
    }

    /// <summary>Files as an engine would write them.</summary>
    public static string Answer(IEnumerable<SourceFile> files) =>
        "Here is the code.\n\n" + string.Concat(files.Select(f => $"```{f.Language} path={f.Path}\n{f.Text.TrimEnd('\n')}\n```\n\n"));

    /// <summary>The right code with another text for its first file.</summary>
    public IReadOnlyList<SourceFile> With(string text) => [new SourceFile { Path = Reference[0].Path, Language = Reference[0].Language, Text = text }, .. Reference.Skip(1)];

    private static string Complete(string text) => string.Concat(Usings.Where(u => !text.Contains($"using {u};", StringComparison.Ordinal)).Select(u => $"using {u};\n")) + text;

    private static List<SourceFile> Files(JsonElement root, string name) =>
        root.TryGetProperty(name, out var files) ? [.. files.EnumerateObject().Where(f => f.Name.EndsWith(".cs", StringComparison.Ordinal)).Select(f => new SourceFile { Path = f.Name, Language = "csharp", Text = f.Value.GetString()! })] : [];
}
