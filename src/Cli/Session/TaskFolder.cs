using System.Text.RegularExpressions;
using Platform.V1;

namespace Platform.Cli;

/// <summary>
/// A folder with a task for <c>tdd</c>: instructions in words, unfinished code, tests. Which file is a test is told by its name, its folder or
/// its first lines, as the test frameworks do.
/// </summary>
/// <param name="Instructions">The task.</param>
/// <param name="Code">Unfinished code and what it needs.</param>
/// <param name="Tests">The tests.</param>
/// <param name="Language">Language of the code; empty when the folder does not show it.</param>
internal sealed partial record TaskFolder(string Instructions, IReadOnlyList<SourceFile> Code, IReadOnlyList<SourceFile> Tests, string Language)
{
    private const int MaxFiles = 200;
    private static readonly string[] InstructionNames = ["instructions.md", "INSTRUCTIONS.md", ".docs/instructions.md", "README.md"];
    private static readonly string[] Passed = ["bin", "obj", "node_modules", "__pycache__"];

    private static readonly Dictionary<string, string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = "csharp",
        [".py"] = "python",
        [".js"] = "javascript",
        [".mjs"] = "javascript",
        [".cjs"] = "javascript",
        [".ts"] = "typescript",
        [".go"] = "go",
        [".rs"] = "rust",
        [".java"] = "java",
    };

    /// <summary>Reads a folder.</summary>
    /// <exception cref="CommandException">It is no folder, has no instructions, or more than it should.</exception>
    public static async Task<TaskFolder> ReadAsync(string folder, CancellationToken token)
    {
        if (!Directory.Exists(folder))
            throw new CommandException(ExitCodes.WrongUsage, $"'{folder}' is not a folder.");
        var instructions = InstructionNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new CommandException(ExitCodes.WrongUsage, $"'{folder}' has no instructions.md; write the task there.");
        var files = new List<SourceFile>();
        foreach (var path in Sources(folder))
        {
            if (files.Count == MaxFiles)
                throw new CommandException(ExitCodes.WrongUsage, $"'{folder}' has more than {MaxFiles} source files; keep the task's folder to the task.");
            var name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            files.Add(new SourceFile { Path = name, Language = Languages[Path.GetExtension(path)], Text = await InputFile.ReadTextAsync(path, token) });
        }

        var tests = files.Where(IsTest).ToList();
        var code = files.Except(tests).ToList();
        return new TaskFolder(await InputFile.ReadTextAsync(instructions, token), code, tests, tests.Concat(code).Select(file => file.Language).FirstOrDefault() ?? "");
    }

    private static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System })
        .Where(path => Languages.ContainsKey(Path.GetExtension(path)))
        .Where(path => !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.') || Passed.Contains(part)))
        .Order(StringComparer.Ordinal);

    private static bool IsTest(SourceFile file) => TestPath().IsMatch(file.Path) || TestText().IsMatch(file.Text);

    [GeneratedRegex(@"(^|/)(tests?|spec|__tests__)/|(^|/)(test_[^/]*|[^/]*_tests?|[^/]*[.\-](test|spec)|tests?|[^/]*Tests?)\.\w+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex TestPath();

    [GeneratedRegex(@"^\s*(using Xunit;|import unittest|import pytest|from pytest |import .*'node:test'|.*require\('node:test'\))", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex TestText();
}
