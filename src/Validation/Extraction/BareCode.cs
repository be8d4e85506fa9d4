using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Tells code from prose when an answer has no fence.</summary>
internal static partial class BareCode
{
    // Marks that one language has and its neighbours have not; shapes below are shared too widely to tell languages apart.
    private static readonly Dictionary<string, Func<Regex>> Marks = new()
    {
        ["csharp"] = CSharpMark,
        ["python"] = PythonMark,
        ["javascript"] = ScriptMark,
        ["typescript"] = TypeScriptMark,
        ["go"] = GoMark,
        ["rust"] = RustMark,
        ["java"] = JavaMark,
        ["shell"] = ShellMark,
        ["sql"] = SqlMark,
    };

    /// <summary>The language whose own marks the text shows most, or null for prose.</summary>
    public static string? Guess(string text)
    {
        if (IsJson(text))
            return "json";
        var best = Marks.Select(m => (Language: m.Key, Count: m.Value().Count(text))).MaxBy(m => m.Count);
        return best.Count > 0 && LooksLike(text, best.Language) ? best.Language : LooksLike(text, "xml") ? "xml" : null;
    }

    /// <summary>Whether enough lines have the shape of the language, and few the shape of sentences.</summary>
    public static bool LooksLike(string text, string language)
    {
        if (language is "text" or "markdown")
            return true;
        if (language == "json")
            return IsJson(text);
        if (language == "xml")
            return text.TrimStart().StartsWith('<') && text.TrimEnd().EndsWith('>');
        var lines = text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        var sentences = lines.Count(l => Sentence().IsMatch(l));
        var shaped = lines.Count(l => Shape(language).IsMatch(l));
        return shaped > 0 && sentences * 5 <= lines.Count && shaped * 5 >= lines.Count;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Regex Shape(string language) => language switch
    {
        "python" => Python(),
        "shell" => Shell(),
        "sql" => Sql(),
        "yaml" => Yaml(),
        "go" => Go(),
        "csharp" => CSharp(),
        "rust" => Rust(),
        "java" => Java(),
        _ => Script(),
    };

    // Words, then a full stop or colon: no bracket, no assignment, no comment sign.
    [GeneratedRegex("""^[A-Z][\w'’,-]*(?: [\w'’",()-]+){3,}[.:!?]?$""")]
    private static partial Regex Sentence();

    [GeneratedRegex("""^(?:def|class|import|from|return|if|for|while|elif|else|try|except|with|async|print|assert|raise|@|\#)\b?.*[:)\w"'\]}]$|^\w[\w.\[\], ]*\s*[+\-*/|&]?=\s*\S""")]
    private static partial Regex Python();

    [GeneratedRegex("""^(?:\#!|if |fi$|for |done$|do$|then$|echo |set -|export |cd |mkdir |while |case |esac$|\w+=|\w+\(\)|git |grep |sed )""")]
    private static partial Regex Shell();

    [GeneratedRegex("""^(?:select|insert|update|delete|create|alter|drop|from|where|join|left|inner|group|order|with|values|begin|commit|having|union)\b""", RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    [GeneratedRegex("""^(?:- )?[\w"'./-]+:(?:\s|$)|^- \S""")]
    private static partial Regex Yaml();

    [GeneratedRegex("""^(?:package \w+$|import |func |type \w+ |var |const |return\b|\}|\)|if .*\{$|for .*\{$)|:=""")]
    private static partial Regex Go();

    [GeneratedRegex("""^(?:using [\w.= ]+;|namespace |public |private |internal |protected |static |class |record |struct |interface |enum |return\b|var |\{|\}|\[\w+)|;$""")]
    private static partial Regex CSharp();

    [GeneratedRegex("""^(?:fn |pub |use |let |impl |struct |enum |match |mod |\#\[|return\b|\})|;$""")]
    private static partial Regex Rust();

    [GeneratedRegex("""^(?:import [\w.*]+;|package |public |private |protected |static |class |interface |return\b|@\w+|\})|;$""")]
    private static partial Regex Java();

    [GeneratedRegex("""^(?:const |let |var |function |export |import |class |return\b|if ?\(|for ?\(|async |module\.|\}|//)|[;{]$|=>""")]
    private static partial Regex Script();

    [GeneratedRegex("""^[ \t]*using [\w.= ]+;|^[ \t]*namespace [\w.]+|\b(?:public|private|internal) (?:static |sealed |async |override |readonly )*(?:class|record|struct|interface|enum|void|int|string|bool|Task)\b|Console\.Write|\bvar \w+ = |=> [^{\n]+;$""", RegexOptions.Multiline)]
    private static partial Regex CSharpMark();

    [GeneratedRegex("""^[ \t]*(?:async )?def \w+\(.*\).*:$|^[ \t]*class \w+.*:$|^import \w+$|^from [\w.]+ import |^if __name__|^[ \t]*elif """, RegexOptions.Multiline)]
    private static partial Regex PythonMark();

    [GeneratedRegex("""^[ \t]*(?:const|let) [\w{}\[\], ]+ = |\bfunction \w*\(|\bmodule\.exports\b|\brequire\(|^export |===|console\.log|^import .* from ['"]""", RegexOptions.Multiline)]
    private static partial Regex ScriptMark();

    [GeneratedRegex("""^[ \t]*(?:export )?(?:interface|type) \w+ ?[={]|\w\)?: (?:string|number|boolean|void|unknown|any)\b|^import type """, RegexOptions.Multiline)]
    private static partial Regex TypeScriptMark();

    [GeneratedRegex("""^package \w+$|^func |:= |^import \($|\bfmt\.""", RegexOptions.Multiline)]
    private static partial Regex GoMark();

    [GeneratedRegex("""\bfn \w+|\blet mut |^[ \t]*use [\w:]+|\bimpl\b|println!|-> [\w<>&]+ \{|^[ \t]*pub """, RegexOptions.Multiline)]
    private static partial Regex RustMark();

    [GeneratedRegex("""^import java|^package [\w.]+;|System\.out\.|\bpublic static void main\(|\bextends \w+|\bfinal \w+|^[ \t]*@Override""", RegexOptions.Multiline)]
    private static partial Regex JavaMark();

    [GeneratedRegex("""^\#!|^[ \t]*(?:fi|done|esac)$|; (?:then|do)$|^set -|^echo |^export \w+=""", RegexOptions.Multiline)]
    private static partial Regex ShellMark();

    [GeneratedRegex("""^[ \t]*(?:select .*|insert into |create table |alter table |update \w+ set|delete from |from \w+)""", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex SqlMark();
}
