namespace Platform.Validation;

/// <summary>Rules on calls.</summary>
internal static class ScriptRules
{
    private static readonly HashSet<string> FileMethods =
        ["readFile", "readFileSync", "writeFile", "writeFileSync", "appendFile", "unlink", "unlinkSync", "createReadStream", "createWriteStream", "readdir", "rmSync", "rm", "sendFile", "download"];

    private static readonly HashSet<string> QueryMethods = ["query", "execute", "raw", "$queryRawUnsafe", "$executeRawUnsafe", "all", "get", "run", "prepare", "each", "literal"];
    private static readonly HashSet<string> HttpClients = ["fetch", "axios", "axios.get", "axios.post", "axios.put", "axios.request", "got", "request", "http.get", "https.get", "http.request", "https.request", "needle", "superagent.get"];
    private static readonly string[] SqlWords = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "DROP TABLE", "ALTER TABLE"];

    public static IEnumerable<SecurityFinding> OnCall(ScriptCode code, ScriptCall call)
    {
        if (call.Arguments.Count == 0)
            return [];
        return [.. OnCode(code, call), .. OnProcess(code, call), .. OnPage(code, call), .. OnCrypto(code, call), .. OnData(code, call), .. OnServer(code, call)];
    }

    private static IEnumerable<SecurityFinding> OnCode(ScriptCode code, ScriptCall call)
    {
        var (first, last) = (call.Arguments[0], call.Arguments[^1]);
        if (call.Name is "eval" or "window.eval" or "globalThis.eval")
            yield return SecurityRules.Find("SEC301").At(call.Line, severity: code.Constant(first) ? SecuritySeverity.Low : null);
        if (call.Name == "Function" && !code.Constant(last))
            yield return SecurityRules.Find("SEC302").At(call.Line);
        if (call.Method is "setTimeout" or "setInterval" && (code.Slice(first) is [{ Kind: ScriptKind.Text or ScriptKind.Template }, ..] || code.Mixed(first)))
            yield return SecurityRules.Find("SEC303").At(call.Line);
        if (call.Name is "vm.runInNewContext" or "vm.runInThisContext" or "vm.runInContext" or "vm.Script" && !code.Constant(first))
            yield return SecurityRules.Find("SEC313").At(call.Line);
        if (call.Name is "require" or "import" && code.FromOutside(first))
            yield return SecurityRules.Find("SEC327").At(call.Line);
        if (call.Name == "RegExp" && code.FromOutside(first) && !code.Cleaned(first))
            yield return SecurityRules.Find("SEC320").At(call.Line);
        if (call.Method == "unserialize")
            yield return SecurityRules.Find("SEC314").At(call.Line);
    }

    private static IEnumerable<SecurityFinding> OnProcess(ScriptCode code, ScriptCall call)
    {
        var ofProcess = call.Name is "exec" or "execSync" or "execAsync" || (call.Method is "exec" or "execSync" && call.Name is "child_process.exec" or "child_process.execSync" or "cp.exec" or "cp.execSync" or "shell.exec" or "childProcess.exec" or "childProcess.execSync");
        if (ofProcess && !code.Constant(call.Arguments[0]) && !code.Cleaned(call.Arguments[0]))
            yield return SecurityRules.Find("SEC304").At(call.Line);
        var starts = call.Method is "spawn" or "spawnSync" or "execFile" or "execFileSync";
        if (starts && call.Arguments.Any(a => ScriptSettings.Has(code.Slice(a), "shell", "true")) && call.Arguments.Take(2).Any(a => !code.Constant(a)))
            yield return SecurityRules.Find("SEC304").At(call.Line);
        else if (starts && code.FromOutside(call.Arguments[0]))
            yield return SecurityRules.Find("SEC304").At(call.Line);
    }

    private static IEnumerable<SecurityFinding> OnPage(ScriptCode code, ScriptCall call)
    {
        var last = call.Arguments[^1];
        if ((call.Name is "document.write" or "document.writeln" || call.Method is "insertAdjacentHTML") && !code.Constant(last) && !code.Cleaned(last))
            yield return SecurityRules.Find("SEC305").At(call.Line, severity: code.FromOutside(last) ? SecuritySeverity.High : null);
        if (call.Method == "postMessage" && call.Arguments.Count > 1 && code.Slice(call.Arguments[1]) is [{ Kind: ScriptKind.Text, Text: "*" }])
            yield return SecurityRules.Find("SEC318").At(call.Line);
        if (call.Method is "send" or "write" or "end" && call.Name.Split('.') is [.., "res" or "response", _] && code.Mixed(call.Arguments[0]) && code.FromOutside(call.Arguments[0]) && !code.Cleaned(call.Arguments[0]))
            yield return SecurityRules.Find("SEC322").At(call.Line);
    }

    private static IEnumerable<SecurityFinding> OnCrypto(ScriptCode code, ScriptCall call)
    {
        var name = code.Slice(call.Arguments[0]) is [{ Kind: ScriptKind.Text } text] ? text.Text.ToLowerInvariant() : "";
        if (call.Method is "createHash" or "createHmac" && name is "md5" or "md4" or "md2" or "sha1" or "sha-1" or "ripemd160")
            yield return SecurityRules.Find("SEC307").At(call.Line, severity: name.StartsWith("md", StringComparison.Ordinal) ? SecuritySeverity.High : SecuritySeverity.Medium);
        if (call.Method is "createCipher" or "createDecipher")
            yield return SecurityRules.Find("SEC308").At(call.Line);
        if (call.Method is "createCipheriv" or "createDecipheriv" && (name.StartsWith("des", StringComparison.Ordinal) || name.StartsWith("rc", StringComparison.Ordinal) || name.StartsWith("bf", StringComparison.Ordinal) || name.EndsWith("-ecb", StringComparison.Ordinal)))
            yield return SecurityRules.Find("SEC308").At(call.Line);
    }

    private static IEnumerable<SecurityFinding> OnData(ScriptCode code, ScriptCall call)
    {
        var first = call.Arguments[0];
        var sql = QueryMethods.Contains(call.Method) && code.Mixed(first) && !code.Cleaned(first)
            && code.Slice(first).Any(t => t.Kind is ScriptKind.Text or ScriptKind.Template && SqlWords.Any(w => t.Text.Contains(w, StringComparison.OrdinalIgnoreCase)));
        if (sql)
            yield return SecurityRules.Find("SEC310").At(call.Line);
        if (call.Method is "find" or "findOne" or "deleteMany" or "updateOne" && code.Slice(first) is [{ Text: "req" }, { Text: "." }, { Text: "body" or "query" }])
            yield return SecurityRules.Find("SEC323").At(call.Line);
        if (FileMethods.Contains(call.Method) && code.FromOutside(first) && !code.Cleaned(first))
            yield return SecurityRules.Find("SEC311").At(call.Line);
    }

    private static IEnumerable<SecurityFinding> OnServer(ScriptCode code, ScriptCall call)
    {
        var (first, last) = (call.Arguments[0], call.Arguments[^1]);
        if (call.Method == "redirect" && code.FromOutside(last))
            yield return SecurityRules.Find("SEC312").At(call.Line);
        if (HttpClients.Contains(call.Name) && code.FromOutside(first))
            yield return SecurityRules.Find("SEC321").At(call.Line);
        if (call.Name is "jwt.verify" or "jsonwebtoken.verify" && call.Arguments.Count > 1 && code.Slice(call.Arguments[1]) is [{ Kind: ScriptKind.Text, Text: "" }] or [{ Text: "null" or "undefined" }])
            yield return SecurityRules.Find("SEC315").At(call.Line);
        if (call.Name is "Buffer")
            yield return SecurityRules.Find("SEC329").At(call.Line);
    }
}
