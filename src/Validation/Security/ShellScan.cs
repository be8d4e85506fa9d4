using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>A small set of rules for shell scripts, one logical line at a time. Variables are not followed.</summary>
internal sealed class ShellScan : FileScan
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // In a line as ShellLines gives it: U+0001 is a variable in double quotes, '$' one outside, and quoted operators are gone.
    private static readonly (string Rule, Regex Pattern)[] Rules =
    [
        ("SEC401", Of("""\b(?:curl|wget|fetch)\b[^|;&]*\|\s*(?:sudo\s+(?:-\S+\s+)*)?(?:env\s+)?(?:/\S*/)?(?:ba|z|da|k)?sh\b|\b(?:curl|wget)\b[^|;&]*\|\s*(?:sudo\s+)?(?:python[23]?|perl|ruby|node|php)\b|(?:\b(?:ba|z)?sh|\bsource|(?:^|[\s;&|])\.)\s+(?:-\S+\s+)*<\(\s*(?:curl|wget)\b|\b(?:eval|(?:ba|z)?sh\s+-c)\s+["']?[$\u0001]\(\s*(?:curl|wget)\b""")),
        ("SEC402", Of("""(?:^|[;&|]\s*|\b(?:then|do|else)\s+)eval\s+[^;&|]*[$\u0001`]""")),
        ("SEC403", Of("""\brm\s+(?:-\S+\s+)*-\w*[rRf]\w*\s+(?:\S+\s+)*(?:\$(?:\w|\{\w+\})|"?[$\u0001]\{?\w+\}?"?/"?(?:\*|\s|$)|/(?:\s|$|\*)|~/?(?:\s|$)|"?/"?\*)""")),
        ("SEC404", Of("""\bchmod\s+(?:-\S+\s+)*(?:0?[0-7]?[0-7][0-7][2367]\b|a\+\w*w|o\+\w*w|ugo\+\w*w|\+w\b)""")),
        ("SEC405", Of("""\bcurl\s(?:[^|;&]*\s)?(?:-\w*k\w*|--insecure)(?:\s|$)|\bwget\s[^|;&]*--no-check-certificate|\bhttp\.sslVerify[=\s]+(?:false|0)\b|\bGIT_SSL_NO_VERIFY=(?:1|true)|\bnpm\s+(?:config\s+)?set\s+strict-ssl[=\s]+false|\bpip[23]?\s[^|;&]*--trusted-host|\bNODE_TLS_REJECT_UNAUTHORIZED=['"]?0""")),
        ("SEC406", Of("""(?:>>?|\btouch|\btee(?:\s+-a)?|\bmkdir(?:\s+-p)?|=)\s*["']?/(?:var/)?tmp/[A-Za-z0-9_./-]*(?:[$\u0001]\$)?[A-Za-z0-9_.-]*""")),
        ("SEC407", Of("""\bStrictHostKeyChecking[=\s]+["']?no\b|\bUserKnownHostsFile[=\s]+["']?/dev/null""")),
        ("SEC408", Of("""\bsshpass\s+-p|\bmysql(?:dump)?\s[^|;&]*(?:-p[^\s-]\S*|--password=\S)|\bcurl\s[^|;&]*(?:-u|--user)\s+["']?[\w.-]+:[^\s@]+|\b(?:wget|http)\s[^|;&]*--password=\S|\bPGPASSWORD=\S+\s+\w|\becho\s+[^|;&]+\|\s*sudo\s+-S""")),
        ("SEC410", Of("""(?:^|\s|;)(?:export\s+)?PATH=["']?(?:\.:|:|[^\s"']*:\.(?::|["']?(?:\s|$))|[^\s"']*(?:/tmp|/var/tmp)(?::|["']?\s|["']?$))""")),
        ("SEC411", Of("""\bNOPASSWD:\s*ALL\b|>>?\s*/etc/sudoers|\bchmod\s+(?:-\S+\s+)*(?:u\+s|[ug]+\+s|[4-7][0-7]{3})\b""")),
        ("SEC412", Of("""\bdocker\s[^|;&]*(?:--privileged|-v\s*/:|/var/run/docker\.sock|--(?:pid|net|network)[=\s]host|--cap-add[=\s]?(?:ALL|SYS_ADMIN))""")),
        ("SEC413", Of("""\b(?:dd\s[^|;&]*of=|mkfs(?:\.\w+)?\s+(?:-\S+\s+)*)/dev/[a-z]+|>\s*/dev/(?:sd|nvme|hd)[a-z0-9]+""")),
        ("SEC416", Of("""\b(?:ba|z|da)?sh\s+-\w*c\s+(?:"[^"]*[$\u0001](?:\{?[A-Za-z1-9@*]|\()|\$\w)|\bxargs\s[^|;&]*(?:ba|z)?sh\s+-c|\bfind\s[^|;&]*-exec\s+(?:ba|z)?sh\s+-c\s+["'][^"']*\{\}|\bssh\s[^|;&]*\s["']?[^"';&|]*\$\(?[1-9@*]""")),
        ("SEC418", Of("""\bmktemp\s+(?:-\S+\s+)*-\w*u|\btempfile\b\s""")),
        ("SEC419", Of("""/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat)\s[^|;&]*-\w*[ec]\w*\s+\S*sh\b|\bsocat\s[^|;&]*\bexec:""")),
        ("SEC420", Of("""\bbase64\s+(?:-d|--decode|-D)\b[^|;&]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\bxxd\s+-r\b[^|;&]*\|\s*(?:ba|z)?sh\b""")),
        ("SEC421", Of(""":\s*\(\s*\)\s*\{\s*:\s*\|\s*:""")),
        ("SEC409", Of("""\b(?:mv|cp|chown|chmod|chgrp|tar|scp|rsync|kill)\s+(?:\S+\s+)*\$(?:[1-9@*]|\{[1-9@*]\})""")),
    ];

    public override bool Reads(SourceFile file) => file.Language == "shell";

    protected override IEnumerable<SecurityFinding> Find(SourceFile file) =>
        ShellLines.Of(file.Text).SelectMany(line => Rules.Where(r => r.Pattern.IsMatch(line.Text)).Select(r => SecurityRules.Find(r.Rule).At(line.Line)));

    private static Regex Of(string pattern) => new(pattern, Linear);
}
