using System.Text.RegularExpressions;

namespace Platform.Benchmarks.Fixes;

/// <summary>One way to break a script: a pattern, and what stands there instead.</summary>
/// <param name="Kind">How the table calls it.</param>
/// <param name="Find">Where it can be done; matched line by line.</param>
/// <param name="With">What is put there: a replacement pattern.</param>
internal sealed record ScriptMutator(string Kind, string Find, string With)
{
    /// <summary>A name is misspelt at one place that this finds, instead of being replaced.</summary>
    public bool Misspells { get; init; }

    /// <summary>The text broken once, in random places.</summary>
    public IEnumerable<string> Break(string text, Random random)
    {
        foreach (var match in Regex.Matches(text, Find, RegexOptions.Multiline, TimeSpan.FromSeconds(2)).OrderBy(_ => random.Next()))
        {
            var with = Misspells ? Misspelt(match.Value, random) : match.Result(With);
            yield return text[..match.Index] + with + text[(match.Index + match.Length)..];
        }
    }

    // The tail alone may be too short to slip in.
    private static string Misspelt(string name, Random random)
    {
        var at = random.Next(1, Math.Max(2, name.Length - 1));
        return random.Next(3) switch
        {
            0 => name[..at] + name[(at + 1)..],
            1 => name[..at] + name[at..(at + 1)] + name[at..],
            _ => at + 1 < name.Length && name[at] != name[at + 1] ? name[..at] + name[at + 1] + name[at] + name[(at + 2)..] : name + "s",
        };
    }
}

/// <summary>What goes wrong in Python and in JavaScript.</summary>
internal static class ScriptMutators
{
    public static readonly ScriptMutator[] Python =
    [
        new("indentation: tab for spaces", "^    (?= {0,8}\\S)", "\t"),
        new("indentation: one space more", "^(    +)(?=\\S)", "$1 "),
        new("indentation: one space less", "^    (?= *\\S)", "   "),
        new("indentation: a level too few", "^    (?= {4,}\\S)", ""),
        new("indentation: a level too many", "^(    +)(?=(?:return|[\\w.]+ \\+?=)\\b)", "$1    "),
        new("indentation: body not indented", "(?<=:\\n)    +(?=\\S)", ""),
        new("missing :", "(?<=^ *(?:def|class|if|elif|else|for|while|try|except|with)\\b.*):$", ""),
        new("missing )", "\\)", ""),
        new("missing (", "(?<=\\w)\\(", ""),
        new("missing ]", "\\]", ""),
        new("missing }", "\\}", ""),
        new("missing ,", ",(?= \\w)", ""),
        new("missing quote", "\"(?=[^\"\\n]*$)", ""),
        new("missing opening quote", "(?<=[(\\[ ])f?\"(?=\\w)", ""),
        new("mixed quotes", "\"(\\w[^\"'\\n{]*)\"", "\"$1'"),
        new("missing import", "^(?:import|from) .*\\n", ""),
        new("import misspelt", "(?<=^import )\\w+", "") { Misspells = true },
        new("imported name misspelt", "(?<=^from \\w+ import )\\w+", "") { Misspells = true },
        new("name misspelt", "(?<![\\w.])(?!self|def|return|class|import|from|for|while|with|None|True|False|elif|else|except|raise|yield|await|async|lambda|pass|super)[a-z_]{4,}(?=[ ,)\\[(.:])(?! =)", "") { Misspells = true },
        new("attribute misspelt", "(?<=self\\.)\\w{4,}", "") { Misspells = true },
        new("method misspelt", "(?<=\\w\\.)[a-z]{4,}(?=\\()", "") { Misspells = true },
        new("keyword misspelt", "\\b(?:return|while|class|raise|except|yield|lambda|import|elif|break|continue)\\b", "") { Misspells = true },
        new("builtin misspelt", "(?<![\\w.])(?:range|sorted|enumerate|reversed|sum|len|list|dict|isinstance|super)(?=\\()", "") { Misspells = true },
        new("print statement", "^( +)(return .*)$", "$1print \"done\"\n$1$2"),
        new("true / false", "\\b(?:True|False)\\b", "true"),
        new("null", "\\bNone\\b", "null"),
        new("none", "\\bNone\\b", "none"),
        new("f-string: } lost", "(?<=f\"[^\"\\n]*\\{[^}\"\\n]*)\\}", ""),
        new("f-string: { lost", "(?<=f\"[^\"\\n]*)\\{(?=[^\"\\n]*\\})", ""),
        new("f-string: same quotes inside", "(?<=f\"[^\"\\n]*\\[)'(\\w+)'", "\"$1\""),
        new("f-string: ${ }", "(?<=f)\"([^\"{}\\n]*)\\{(?=[^\"\\n]*\\}[^\"\\n]*\")", "\"$1{{"),
        new("self missing in header", "(?<=def \\w+\\()self(?:, )?", ""),
        new("self missing in body", "\\bself\\.(?=\\w+)", ""),
        new("this for self", "\\bself\\.", "this."),
        new("= for ==", "(?<=if .*)==", "="),
        new("== for =", "(?<=^ +\\w+ )=(?= )", "=="),
        new("++", "(?<=^ +)([\\w.]+) \\+= 1$", "$1++"),
        new("&& / ||", "\\b(?:and)\\b", "&&"),
        new("! for not", "\\bnot (?=\\w)", "!"),
        new("else if", "\\belif\\b", "else if"),
        new("braces", "^( *(?:if|for|while) .*):$", "$1 {"),
        new("catch", "\\bexcept\\b", "catch"),
        new("throw new", "\\braise (?=\\w)", "throw new "),
        new("function", "\\bdef (?=\\w)", "function "),
        new(";-comment", "^( +)(return .*)$", "$1$2 // the result"),
        new("let", "^( +)(?=\\w+ = )", "$1let "),
        new(".length", "\\blen\\(([\\w.]+)\\)", "$1.length"),
        new(".push", "\\.append\\(", ".push("),
        new("toLowerCase", "\\.lower\\(\\)", ".toLowerCase()"),
        new("null check", " is None", " === None"),
        new("except , e", "(?<=except \\w+) as (?=\\w)", ", "),
        new("typographic quotes", "\"([^\"\\n]{2,})\"", "\u201C$1\u201D"),
        new("fences left", "\\A", "```python\n"),
        new("words before", "\\A", "Here is the corrected code:\n\n"),
        new("return missing its value's )", "\\)$", ""),
        new("async missing", "\\basync (?=def)", ""),
        new("two mistakes", "\\A([\\s\\S]*?):$([\\s\\S]*?)\\bself\\.", "$1$2"),
    ];

    public static readonly ScriptMutator[] JavaScript =
    [
        new("missing }", "\\}", ""),
        new("missing {", "\\{$", ""),
        new("missing )", "\\)", ""),
        new("missing (", "(?<=\\w|if |while |for )\\(", ""),
        new("missing ]", "\\]", ""),
        new("missing [", "\\[(?=\\w|\\])", ""),
        new("surplus }", "\\}$", "}}"),
        new("surplus )", "\\)(?=;)", "))"),
        new("wrong bracket", "\\)(?=;)", "]"),
        new("missing ,", ",(?= \\w)", ""),
        new("missing quote", "'(?=[^'\\n]*$)", ""),
        new("missing opening quote", "(?<=[(\\[ ])'(?=\\w)", ""),
        new("mixed quotes", "'(\\w[^'\"\\n]*)'", "'$1\""),
        new("missing backtick", "`(?=[^`\\n]*$)", ""),
        new("template: } lost", "(?<=`[^`\\n]*\\$\\{[^}`\\n]*)\\}", ""),
        new("typographic quotes", "'([^'\\n]{2,})'", "\u2018$1\u2019"),
        new("missing =>", " => ", " "),
        new("-> for =>", "=>", "->"),
        new("missing .", "(?<=\\bthis)\\.", " "),
        new("missing :", "(?<=case '\\w+'):", ""),
        new("missing ; in for", "(?<=for \\(let [^;\\n]*);", ""),
        new("missing await", "\\bawait ", ""),
        new("missing async", "\\basync ", ""),
        new("missing import", "^(?:const \\{? ?\\w+ ?\\}? = require|import ).*\\n", ""),
        new("imported name misspelt", "(?<=import \\{ )\\w+", "") { Misspells = true },
        new("module misspelt", "(?<=['\"]node:)\\w+", "") { Misspells = true },
        new("name misspelt", "(?<![\\w.'`$])(?!const|return|function|class|this|else|while|throw|null|true|false|async|await|yield|static|super|switch|case|default|break|constructor|import|export|undefined|extends|from)[a-z]\\w{3,}(?=[,).\\[;])", "") { Misspells = true },
        new("property misspelt", "(?<=this\\.)\\w{4,}(?!\\()", "") { Misspells = true },
        new("method misspelt", "(?<=\\w\\.)[a-z]\\w{3,}(?=\\()", "") { Misspells = true },
        new("keyword misspelt", "\\b(?:function|return|const|class|while|throw|constructor|static|switch|extends|async|await|yield)\\b", "") { Misspells = true },
        new("global misspelt", "\\b(?:Math|Object|Array|String|Promise|Number)(?=\\.)", "") { Misspells = true },
        new("wrong case", "\\bMath(?=\\.)", "math"),
        new("this missing", "\\bthis\\.(?=\\w+)", ""),
        new("self for this", "\\bthis\\.", "self."),
        new("new missing", "\\bnew (?=[A-Z])", ""),
        new("const changed", "\\blet (?=\\w+ = )", "const "),
        new("const without value", "^( +)let (\\w+);", "$1const $2;"),
        new("declaration missing", "^( +)(?:let|const) (?=\\w+ = )", "$1"),
        new("None / True", "\\b(?:null|undefined)\\b", "None"),
        new("True / False", "\\b(?:true|false)\\b", "False"),
        new("elif", "\\} else \\{", "} elif (true) {"),
        new("and / or", "&&", "and"),
        new("not", "!(?=\\w)", "not "),
        new("def", "\\bfunction\\*? (?=\\w)", "def "),
        new("len()", "([\\w.]+)\\.length\\b", "len($1)"),
        new(".append", "\\.push\\(", ".append("),
        new(".upper()", "\\.toLowerCase\\(", ".lower("),
        new("print", "^( +)(return .*)$", "$1print('x');\n$1$2"),
        new("# comment", "^( +)(return .*)$", "$1# the result\n$1$2"),
        new("if without ( )", "\\bif \\((.*)\\) \\{", "if $1 {"),
        new("for .. in without ( )", "\\bfor \\(const (\\w+) of (.*)\\) \\{", "for $1 in $2 {"),
        new("foreach", "\\bfor \\(const (\\w+) of", "foreach ($1 in"),
        new("catch without ( )", "catch \\((\\w+)\\)", "catch $1"),
        new("int / string for let", "\\b(?:let) (?=\\w+ = )", "int "),
        new("= for ===", "(?<=return .*) === ", " = "),
        new("function in a class", "^(  )(\\w+\\([\\w, ]*\\) \\{)$", "$1function $2"),
        new("fences left", "\\A", "```javascript\n"),
        new("words before", "\\A", "Here is the corrected code:\n\n"),
        new("end cut off", "\\}\\s*\\z", ""),
    ];
}
