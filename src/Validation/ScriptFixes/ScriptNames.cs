using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Names of JavaScript that a failing test reports: not defined, not a function, no property.</summary>
internal static partial class ScriptNames
{
    internal static readonly string[] Builtin = ["assert", "crypto", "events", "fs", "http", "https", "os", "path", "readline", "stream", "url", "util", "zlib", "child_process"];
    private static readonly string[] Globals = ["console", "Math", "JSON", "Object", "Array", "String", "Number", "Boolean", "Date", "Promise", "Map", "Set", "RegExp", "Error", "TypeError", "RangeError", "Symbol", "parseInt", "parseFloat", "isNaN", "setTimeout", "process", "Buffer", "undefined", "Infinity", "BigInt", "structuredClone", "module", "exports", "require"];

    // A name further from all others than this may come from anywhere.
    private const double MostStrange = 1.75;

    private static readonly Dictionary<string, string> Foreign = new(StringComparer.Ordinal)
    {
        ["print"] = "console.log",
        ["println"] = "console.log",
        ["puts"] = "console.log",
        ["echo"] = "console.log",
        ["True"] = "true",
        ["False"] = "false",
        ["None"] = "null",
        ["nil"] = "null",
        ["NULL"] = "null",
        ["self"] = "this",
        ["int"] = "parseInt",
        ["float"] = "parseFloat",
        ["str"] = "String",
        ["dict"] = "Map",
        ["HashMap"] = "Map",
        ["HashSet"] = "Set",
        ["ValueError"] = "RangeError",
        ["Exception"] = "Error",
        ["ArgumentException"] = "Error",
        ["math"] = "Math",
        ["Console"] = "console",
        ["json"] = "JSON",
        ["abs"] = "Math.abs",
        ["max"] = "Math.max",
        ["min"] = "Math.min",
        ["sqrt"] = "Math.sqrt",
        ["round"] = "Math.round",
        ["floor"] = "Math.floor",
    };

    private static readonly string[] Members =
    [
        "push append add Add push_back", "length len size count Length Count getLength", "toUpperCase upper ToUpper upcase toUpper", "toLowerCase lower ToLower downcase toLower", "trim strip Trim", "includes contains has Contains", "indexOf find IndexOf index", "forEach foreach each ForEach", "map select Select collect",
        "filter where Where findAll", "reduce Aggregate fold inject", "some any Any", "every all All", "join Join", "split Split", "slice substring Substring substr", "startsWith startswith StartsWith", "endsWith endswith EndsWith", "replace Replace gsub", "sort Sort sorted", "reverse Reverse reversed", "concat extend AddRange addAll",
        "set put insert Add", "get getValue", "has containsKey ContainsKey hasKey", "delete remove Remove erase", "keys Keys keySet", "values Values", "toString ToString to_s str", "log println WriteLine print writeLine", "floor Floor", "ceil Ceiling ceiling", "abs Abs", "max Max", "min Min", "pop Pop", "shift Dequeue dequeue", "unshift prepend", "charAt CharAt", "padStart PadLeft rjust", "padEnd PadRight ljust", "repeat Repeat", "flatMap SelectMany",
    ];

    private static readonly string[] Known = [.. Members.Select(m => m.Split(' ')[0]), "toFixed", "charCodeAt", "fromCharCode", "localeCompare", "findIndex", "lastIndexOf", "entries", "stringify", "parse", "isInteger", "resolve", "reject", "then", "catch", "finally", "fill", "from", "isArray", "assign", "freeze", "match", "test", "exec", "splice", "flat", "random", "round", "sqrt", "pow", "trunc", "sign", "now"];

    /// <summary>True when there is something to be meant by an unknown name: another language's word, a module of Node's, what the object or the file has under nearly that name.</summary>
    public static bool IsFamiliar(SourceFile file, string name) => name.Length > 1 && Undefined(file, name).Any(c => c.Cost <= MostStrange);

    /// <summary>True when a text declares a name somewhere.</summary>
    public static bool IsDeclared(string text, string name) =>
        text.Contains(name, StringComparison.Ordinal) && Regex.IsMatch(text, $@"\b(?:function\*?|class|const|let|var)\s+{Regex.Escape(name)}\b|\b(?:window|globalThis|self)\.{Regex.Escape(name)}\b", RegexOptions.NonBacktracking);

    public static IEnumerable<FixCandidate> Propose(SourceFile file, CodeDiagnostic error)
    {
        if (NotDefined().Match(error.Message) is { Success: true } unknown)
            return Undefined(file, unknown.Groups[1].Value);
        var call = NotFunction().Match(error.Message);
        return (call.Success ? Missing(file, call.Groups[1].Value) : []).Concat(ScriptFaults.Propose(file, error.Message));
    }

    private static IEnumerable<FixCandidate> Undefined(SourceFile file, string name)
    {
        if (Foreign.TryGetValue(name, out var known))
            yield return Rename(file, name, known, 0.8, $"'{name}' is another language's name; JavaScript says '{known}'.");
        if (Builtin.Contains(name))
        {
            var text = ScriptForm.IsModule(file) ? $"import {name} from 'node:{name}';\n" : $"const {name} = require('node:{name}');\n";
            yield return new FixCandidate(file.Path, text + file.Text, $"import {name}", $"'{name}' is a module that comes with Node and was not imported.") { Cost = 0.7 };
        }
        // The first value it is given declares it.
        foreach (var first in Regex.Matches(file.Text, $@"(?m)^[ \t]*(?={Regex.Escape(name)} = )", RegexOptions.None, TimeSpan.FromSeconds(1)).Take(1))
            yield return new FixCandidate(file.Path, file.Text.Insert(first.Index + first.Length, "let "), $"let {name}", $"'{name}' is assigned and was never declared.") { Cost = 0.7 };
        if (name is "len" or "length" or "count" or "size" or "strlen")
            yield return new FixCandidate(file.Path, Regex.Replace(file.Text, $@"(?<![\w$.]){name}\(([\w$.[\]]+)\)", "$1.length", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{name}(x) -> x.length", "The number of elements is a property in JavaScript.") { Cost = 0.7 };
        foreach (var candidate in ScriptFaults.Imports(file, name))
            yield return candidate;
        if (Regex.IsMatch(file.Text, $@"\bthis\.{Regex.Escape(name)}\b", RegexOptions.None, TimeSpan.FromSeconds(1)))
            yield return Rename(file, name, "this." + name, 1.2, $"'{name}' belongs to the object and is reached through this.");
        else if (file.Text.Contains("class ", StringComparison.Ordinal) && Regex.IsMatch(file.Text, $@"(?m)^[ \t]+(?:static |async |get |set |#)*{Regex.Escape(name)}\s*[(=;]", RegexOptions.None, TimeSpan.FromSeconds(1)))
            yield return Rename(file, name, "this." + name, 1.7, "In a class, what belongs to the object is reached through this.");
        var others = Identifier().Matches(file.Text).Select(m => m.Value).Concat(Globals).Distinct().Where(o => o != name);
        foreach (var (other, cost) in others.Select(o => (o, NameDistance.Of(name, o))).Where(o => o.Item2 is <= 3).OrderBy(o => o.Item2).Take(6))
        {
            yield return Rename(file, name, other, cost!.Value, $"'{name}' is not defined; '{other}' is, and is spelt almost the same.");
            if (!Globals.Contains(other))
                yield return Rename(file, other, name, cost.Value + 0.6, $"'{name}' is used and '{other}' is defined; with one spelling they are the same.");
        }
    }

    private static IEnumerable<FixCandidate> Missing(SourceFile file, string chain)
    {
        var name = chain[(chain.LastIndexOf('.') + 1)..];
        const string why = "There is no method of that name; this one exists and means, or is spelt, almost the same.";
        foreach (var group in Members.Select(m => m.Split(' ')).Where(m => m.Skip(1).Contains(name)))
        {
            yield return Member(file, name, group[0], 0.9, why);
            if (group[0] is "length")
                yield return new FixCandidate(file.Path, Regex.Replace(file.Text, $@"\.{Regex.Escape(name)}\(\)", ".length", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{name}() -> length", "The length is a property and is read without parentheses.") { Cost = 0.8 };
        }
        var own = Identifier().Matches(file.Text).Select(m => m.Value);
        foreach (var (other, cost) in Known.Concat(own).Distinct().Where(o => o != name).Select(o => (o, NameDistance.Of(name, o))).Where(o => o.Item2 is <= 2).OrderBy(o => o.Item2).Take(5))
            yield return Member(file, name, other, cost!.Value, why);
    }

    internal static FixCandidate Rename(SourceFile file, string old, string now, double cost, string why) =>
        new(file.Path, CodeMask.Replace(file.Text, new Regex($@"(?<!(?<!\.\.)\.|[\w$]){Regex.Escape(old)}(?![\w$])", RegexOptions.None, TimeSpan.FromSeconds(1)), now.Replace("$", "$$", StringComparison.Ordinal)), $"{old} -> {now}", why) { Cost = cost };

    internal static FixCandidate Member(SourceFile file, string old, string now, double cost, string why) =>
        new(file.Path, CodeMask.Replace(file.Text, new Regex($@"(?<=\.){Regex.Escape(old)}(?![\w$])", RegexOptions.None, TimeSpan.FromSeconds(1)), now.Replace("$", "$$", StringComparison.Ordinal)), $".{old} -> .{now}", why) { Cost = cost };

    [GeneratedRegex(@"([A-Za-z_$][\w$]*) is not defined")]
    private static partial Regex NotDefined();

    [GeneratedRegex(@"([A-Za-z_$][\w$.]*) is not a (?:function|constructor)")]
    private static partial Regex NotFunction();

    [GeneratedRegex(@"(?<![\w$])[A-Za-z_$][\w$]{2,}(?![\w$])")]
    private static partial Regex Identifier();
}
