using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Unfinished code where nobody gave any: good tests fail on it.</summary>
public static partial class DerivedStub
{
    private const int MostNames = 200;
    private static readonly Lazy<HashSet<string>> PythonModules = new(() => [.. Embedded.Text("python-modules.txt").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), "pytest"]);

    // Any name is there, is a class that may be caught, and cannot be called. A package that is installed where the tests run stands in its own stub's place:
    // tests that fail for want of it would say nothing of the code.
    private const string PythonText =
        """
        import importlib
        import importlib.machinery
        import os
        import sys


        def _installed():
            away = [p for p in sys.path if os.path.abspath(p) != os.getcwd()]
            found = importlib.machinery.PathFinder.find_spec(__name__.partition(".")[0], away)
            return away if found is not None and found.origin is not None else None


        def _step_aside(away):
            here = list(sys.path)
            sys.modules.pop(__name__, None)
            sys.path[:] = away
            try:
                importlib.import_module(__name__)
            finally:
                sys.path[:] = here


        if _installed() is not None:
            _step_aside(_installed())


        class _Unwritten(type):
            def __getattr__(cls, name):
                return _named(name)


        def _refuse(self, *arguments, **named):
            raise NotImplementedError("not written")


        def _named(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return _Unwritten(name, (Exception,), {"__init__": _refuse})


        def __getattr__(name):
            return _named(name)

        """;

    private const string ScriptText =
        """
        function refuse() { throw new Error('not written'); }
        const unwritten = new Proxy(refuse, { construct: refuse, get: (target, name) => (typeof name === 'symbol' || name in target ? target[name] : unwritten) });

        """;

    /// <summary>Modules that offer what Python or JavaScript tests import from their own folder, and do nothing. Empty for tests that import nothing of it, and for other languages.</summary>
    public static IReadOnlyList<SourceFile> FromTests(string language, IReadOnlyList<SourceFile> tests)
    {
        var given = tests.Select(t => t.Path).ToHashSet(StringComparer.Ordinal);
        var made = language switch
        {
            "python" => tests.SelectMany(t => PythonImports().Matches(t.Text).Select(m => m.Groups["module"].Value))
                .Where(m => m.Length > 0 && !PythonModules.Value.Contains(m.Split('.')[0]))
                .Select(m => new SourceFile(m.Replace('.', '/') + ".py", "python", PythonText)),
            "javascript" => tests.SelectMany(Scripts),
            _ => [],
        };
        return [.. made.Where(f => SourceFile.IsSafe(f.Path) && !given.Contains(f.Path)).GroupBy(f => f.Path, StringComparer.Ordinal).Select(Joined)];
    }

    /// <summary>The same C# files with bodies that only throw; empty when there is no C# with a body among them.</summary>
    public static IReadOnlyList<SourceFile> FromCode(IReadOnlyList<SourceFile> files)
    {
        var emptied = files.Select(f => f.Language == "csharp" ? f with { Text = new BodyRemover().Visit(CSharpCompiler.Parse(f.Path, f.Text).GetRoot())!.ToFullString() } : f).ToList();
        return emptied.Zip(files).Any(pair => pair.First.Text != pair.Second.Text) ? emptied : [];
    }

    private static IEnumerable<SourceFile> Scripts(SourceFile test)
    {
        foreach (Match import in ScriptImports().Matches(test.Text))
        {
            if (Resolve(test.Path, import.Groups["path"].Value, ".js") is not { } path)
                continue;
            var names = import.Groups["names"].Value.Split(',').Select(n => n.Trim().Split(' ')[0]).Where(n => Identifier().IsMatch(n)).Append("default").Distinct(StringComparer.Ordinal).Take(MostNames);
            yield return new SourceFile(path, "javascript", $"{ScriptText}export {{ {string.Join(", ", names.Select(n => "unwritten as " + n))} }};\n");
        }
        foreach (Match call in Requires().Matches(test.Text))
        {
            if (Resolve(test.Path, call.Groups["path"].Value, ".js") is { } path)
                yield return new SourceFile(path, "javascript", ScriptText + "module.exports = unwritten;\n");
        }
    }

    // Two tests may import different names of one module: the stub with the most names is asked for all of them.
    private static SourceFile Joined(IGrouping<string, SourceFile> same)
    {
        var texts = same.Select(f => f.Text).Distinct(StringComparer.Ordinal).ToList();
        if (texts.Count == 1 || !texts.All(t => t.Contains("export {", StringComparison.Ordinal)))
            return same.First();
        var names = texts.SelectMany(t => t[(t.IndexOf("export {", StringComparison.Ordinal) + 8)..t.LastIndexOf('}')].Split(',')).Select(n => n.Trim()).Distinct(StringComparer.Ordinal).Take(MostNames);
        return same.First() with { Text = $"{ScriptText}export {{ {string.Join(", ", names)} }};\n" };
    }

    private static string? Resolve(string from, string path, string ending)
    {
        var parts = new List<string>(from.Split('/')[..^1]);
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count == 0)
                return null;
            if (part == "..")
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ""))
                parts.Add(part);
        }
        var found = string.Join('/', parts);
        return Path.HasExtension(found) ? found : found + ending;
    }

    [GeneratedRegex("""^[ \t]*(?:from[ \t]+(?<module>[A-Za-z_][\w.]*)[ \t]+import\b|import[ \t]+(?<module>[A-Za-z_][\w.]*))""", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex PythonImports();

    [GeneratedRegex("""\bimport\s+(?:[\w$]+\s*,?\s*)?(?:\{(?<names>[^}]*)\}|\*\s*as\s+[\w$]+)?\s*from\s*["'](?<path>\.{1,2}/[\w./-]+)["']""", RegexOptions.NonBacktracking)]
    private static partial Regex ScriptImports();

    [GeneratedRegex("""\brequire\s*\(\s*["'](?<path>\.{1,2}/[\w./-]+)["']\s*\)""", RegexOptions.NonBacktracking)]
    private static partial Regex Requires();

    [GeneratedRegex("""^[A-Za-z_$][\w$]*$""", RegexOptions.NonBacktracking)]
    private static partial Regex Identifier();
}
