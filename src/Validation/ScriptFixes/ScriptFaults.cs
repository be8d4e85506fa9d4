using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>What Node says when a running script fails, other than of a name it does not know: constants that change, new and await forgotten, imports that are not there.</summary>
internal static partial class ScriptFaults
{
    private const int MaxOdd = 8;

    // What the modules that come with Node give, as far as small programs use it.
    private static readonly Dictionary<string, string[]> Exports = new(StringComparer.Ordinal)
    {
        ["fs"] = ["readFileSync", "writeFileSync", "existsSync", "mkdirSync", "readdirSync", "statSync", "unlinkSync", "appendFileSync", "rmSync", "createReadStream", "createWriteStream", "promises"],
        ["path"] = ["join", "resolve", "basename", "dirname", "extname", "relative", "normalize", "isAbsolute", "sep"],
        ["util"] = ["promisify", "inspect", "format", "inherits", "isDeepStrictEqual", "TextEncoder", "TextDecoder", "parseArgs"],
        ["events"] = ["EventEmitter", "once", "on"],
        ["assert"] = ["strictEqual", "deepStrictEqual", "throws", "rejects", "ok", "equal", "deepEqual", "notStrictEqual"],
        ["os"] = ["tmpdir", "homedir", "cpus", "platform", "EOL", "hostname"],
        ["crypto"] = ["createHash", "randomBytes", "randomUUID", "createHmac", "randomInt"],
        ["url"] = ["fileURLToPath", "pathToFileURL", "URL", "URLSearchParams"],
        ["child_process"] = ["spawn", "exec", "execSync", "execFile", "spawnSync"],
        ["http"] = ["createServer", "request", "get"],
        ["readline"] = ["createInterface"],
        ["stream"] = ["Readable", "Writable", "Transform", "pipeline", "PassThrough"],
        ["zlib"] = ["gzipSync", "gunzipSync", "createGzip"],
        ["timers/promises"] = ["setTimeout", "setInterval"],
        ["perf_hooks"] = ["performance"],
        ["worker_threads"] = ["Worker", "parentPort", "isMainThread", "workerData"],
    };

    /// <summary>An import for a name that a module of Node gives.</summary>
    public static IEnumerable<FixCandidate> Imports(SourceFile file, string name)
    {
        foreach (var module in Exports.Where(e => e.Value.Contains(name)).Select(e => e.Key))
        {
            var text = ScriptForm.IsModule(file) ? $"import {{ {name} }} from 'node:{module}';\n" : $"const {{ {name} }} = require('node:{module}');\n";
            yield return new FixCandidate(file.Path, text + file.Text, $"import {name}", $"'{name}' comes with Node's module '{module}' and was not imported.") { Cost = 0.7 };
        }
    }

    /// <summary>Candidates for a message of Node's.</summary>
    public static IEnumerable<FixCandidate> Propose(SourceFile file, string message)
    {
        if (message.Contains("constant variable", StringComparison.Ordinal))
            return Constants(file);
        if (Constructor().Match(message) is { Success: true } made)
            return [Everywhere(file, $@"(?<!new\s|class\s|function\s|[.\w$]){made.Groups[1].Value}(?=\()", "new " + made.Groups[1].Value, "new " + made.Groups[1].Value, "A class makes an object only with new.", 0.6)];
        if (BuiltIn().Match(message) is { Success: true } unknown)
            return Near(unknown.Groups[1].Value, ScriptNames.Builtin.Concat(Exports.Keys)).Select(n => Everywhere(file, $@"(?<=['""](?:node:)?){Regex.Escape(unknown.Groups[1].Value)}(?=['""])", n, $"{unknown.Groups[1].Value} -> {n}", $"Node has no such module; it has '{n}'.", 0.8));
        if (Export().Match(message) is { Success: true } missing)
            return Near(missing.Groups[2].Value, Exports.GetValueOrDefault(missing.Groups[1].Value.Replace("node:", "", StringComparison.Ordinal), [])).Select(n => ScriptNames.Rename(file, missing.Groups[2].Value, n, 0.8, $"The module gives no '{missing.Groups[2].Value}' but '{n}'."));
        return Odd(file).Concat(Awaits(file));
    }

    private static IEnumerable<FixCandidate> Constants(SourceFile file)
    {
        foreach (Match declared in Constant().Matches(file.Text))
        {
            var name = declared.Groups["name"].Value;
            if (Regex.IsMatch(file.Text[(declared.Index + declared.Length)..], $@"(?<![\w$.]){Regex.Escape(name)}\s*(?:[-+*/%&|^]|\*\*|\?\?|&&|\|\|)?=(?![=>])|(?<![\w$.]){Regex.Escape(name)}(?:\+\+|--)|(?:\+\+|--){Regex.Escape(name)}\b", RegexOptions.None, TimeSpan.FromSeconds(1)))
                yield return new FixCandidate(file.Path, file.Text[..declared.Index] + "let" + file.Text[(declared.Index + "const".Length)..], $"const {name} -> let {name}", $"'{name}' is given another value later, so it is no constant.") { Cost = 0.7 };
        }
    }

    // A member that stands once while nearly the same one stands elsewhere was mistyped.
    private static IEnumerable<FixCandidate> Odd(SourceFile file)
    {
        var members = MemberName().Matches(file.Text).Select(m => m.Value).GroupBy(m => m).ToDictionary(g => g.Key, g => g.Count());
        var names = Name().Matches(file.Text).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        return members.Where(m => m.Value == 1).SelectMany(m => Near(m.Key, names.Where(n => n != m.Key && members.GetValueOrDefault(n) != 1 | n.Length > 3)).Select(n => (m.Key, Near: n, Cost: NameDistance.Of(m.Key, n) ?? 3)))
            .OrderBy(m => m.Cost).Take(MaxOdd).Select(m => ScriptNames.Member(file, m.Key, m.Near, 0.9 + m.Cost, $"'{m.Key}' stands here alone, and '{m.Near}' is spelt almost the same."));
    }

    // An async function whose promise is taken for its value.
    private static IEnumerable<FixCandidate> Awaits(SourceFile file)
    {
        foreach (var name in Asynchronous().Matches(file.Text).Select(m => m.Groups["name"].Value).Append("Promise.all").Distinct().Take(8))
        {
            foreach (Match call in Regex.Matches(file.Text, $@"(?<!await\s|function\s|[\w$.]|=> ){Regex.Escape(name)}\(", RegexOptions.None, TimeSpan.FromSeconds(1)).Take(6))
                yield return new FixCandidate(file.Path, file.Text.Insert(call.Index, "await "), $"await {name}(...)", $"'{name}' gives a promise; await gives what is inside it.") { Cost = 1 };
        }
    }

    private static IEnumerable<string> Near(string name, IEnumerable<string> others) =>
        others.Select(o => (o, NameDistance.Of(name, o))).Where(o => o.Item2 is <= 2).OrderBy(o => o.Item2).Select(o => o.o).Distinct().Take(4);

    private static FixCandidate Everywhere(SourceFile file, string find, string with, string fix, string why, double cost) =>
        new(file.Path, Regex.Replace(file.Text, find, with.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.None, TimeSpan.FromSeconds(1)), fix, why) { Cost = cost };

    [GeneratedRegex(@"onstructor (\w+) (?:cannot|requires)")]
    private static partial Regex Constructor();

    [GeneratedRegex(@"(?:built-in module: node:|Cannot find module ')(\w+)")]
    private static partial Regex BuiltIn();

    [GeneratedRegex(@"requested module '([^'\n]+)' does not provide an export named '(\w+)'")]
    private static partial Regex Export();

    [GeneratedRegex(@"\bconst\s+(?<name>[A-Za-z_$][\w$]*)\s*=")]
    private static partial Regex Constant();

    [GeneratedRegex(@"(?<=\.)[A-Za-z_$][\w$]{2,}")]
    private static partial Regex MemberName();

    [GeneratedRegex(@"(?<![\w$])[A-Za-z_$][\w$]{2,}(?![\w$])")]
    private static partial Regex Name();

    [GeneratedRegex(@"\basync\s+(?:function\s+)?(?<name>[A-Za-z_$][\w$]*)\s*\(|\b(?<name>[A-Za-z_$][\w$]*)\s*=\s*async\b|\bconst\s+(?<name>[A-Za-z_$][\w$]*)\s*=\s*\([^()\n]*\)\s*=>\s*new Promise")]
    private static partial Regex Asynchronous();
}
