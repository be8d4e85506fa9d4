using System.Text;
using System.Text.RegularExpressions;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Code as text: files in fences, names for files that an engine left without one, files as results.</summary>
internal static partial class CodeText
{
    private static readonly HashSet<string> PythonLibrary = new(StringComparer.Ordinal)
    {
        "unittest", "pytest", "sys", "os", "re", "json", "math", "random", "datetime", "time", "collections", "itertools", "functools", "typing", "string", "decimal",
        "fractions", "statistics", "pathlib", "io", "copy", "dataclasses", "enum", "abc", "contextlib", "operator", "tempfile", "textwrap", "types", "__future__",
    };

    /// <summary>Files as the fenced blocks in which an engine would have written them.</summary>
    public static string Render(IEnumerable<CodeFile> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
            text.Append($"```{file.Language} path={file.Path}\n{file.Text.TrimEnd('\n')}\n```\n");
        return text.ToString();
    }

    /// <summary>
    /// Gives the only file of an answer the name it must have: that of the only file of its language that came with the request,
    /// or the one that the tests import.
    /// </summary>
    public static IReadOnlyList<CodeFile> Name(IReadOnlyList<CodeFile> files, GenerateRequest request)
    {
        if (files is not [var only] || !Unnamed().IsMatch(only.Path))
            return files;
        CodeFile[] given = [.. request.Files.Select(CodeFile.Of).Where(file => file.Language == only.Language)];
        var name = given is [var stub] ? stub.Path : Imported(only.Language, request);
        return name is null ? files : [only with { Path = name }];
    }

    /// <summary>A file as results carry it, with its difference to what came with the request.</summary>
    public static ResultFile ToResult(CodeFile file, GenerateRequest request, Workspace? workspace = null)
    {
        var before = request.Files.FirstOrDefault(given => given.Path == file.Path)?.Text ?? workspace?.Read(file.Path);
        return new ResultFile { Path = file.Path, Language = file.Language, Text = file.Text, Diff = CodeChecks.Diff(file, before) };
    }

    private static string? Imported(string language, GenerateRequest request)
    {
        var tests = string.Join('\n', request.Tests.Select(test => test.Text));
        return language switch
        {
            "python" => PythonImport().Matches(tests).Select(match => match.Groups[1].Value).FirstOrDefault(name => !PythonLibrary.Contains(name)) is { } module ? module.Replace('.', '/') + ".py" : null,
            "javascript" or "typescript" => ScriptImport().Match(tests) is { Success: true } match ? Extension(match.Groups[1].Value, language) : null,
            _ => null,
        };
    }

    private static string Extension(string path, string language) =>
        Path.HasExtension(path) ? path : path + (language == "typescript" ? ".ts" : ".js");

    [GeneratedRegex("""^answer\d*\.\w+$""", RegexOptions.CultureInvariant)]
    private static partial Regex Unnamed();

    [GeneratedRegex("""^(?:from|import)[ \t]+([A-Za-z_][\w.]*)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex PythonImport();

    [GeneratedRegex("""(?:from|require\()\s*['"]\./([\w./-]+)['"]""", RegexOptions.CultureInvariant)]
    private static partial Regex ScriptImport();
}
