namespace Platform.Validation;

/// <summary>Rules on assignments, properties of object literals and attributes of markup.</summary>
internal static class ScriptSettings
{
    private static readonly string[] Guessable = ["token", "password", "secret", "nonce", "salt", "otp", "sessionid", "apikey", "csrf", "resetcode", "privatekey"];

    public static IEnumerable<SecurityFinding> Find(ScriptCode code)
    {
        var tokens = code.Tokens;
        var credentials = Enumerable.Range(0, Math.Max(0, tokens.Count - 2)).Any(i => tokens[i].Text == "credentials" && tokens[i + 1].Is(":") && tokens[i + 2].Is("true"));
        for (var i = 0; i + 2 < tokens.Count; i++)
        {
            if (tokens[i].Kind is not (ScriptKind.Word or ScriptKind.Text))
                continue;
            var found = tokens[i + 1].Text switch
            {
                ":" => OnProperty(tokens[i].Text, tokens[i + 2], credentials),
                "=" or "+=" => OnAssignment(code, i),
                _ => null,
            };
            if (found is not null)
                yield return found;
        }
        foreach (var found in Randomness(code))
            yield return found;
    }

    /// <summary>True when an object literal among the pieces has a property of this value.</summary>
    public static bool Has(IReadOnlyList<ScriptToken> pieces, string name, string value) =>
        Enumerable.Range(0, Math.Max(0, pieces.Count - 2)).Any(i => pieces[i].Text == name && pieces[i + 1].Is(":") && pieces[i + 2].Text == value);

    private static SecurityFinding? OnProperty(string name, ScriptToken value, bool credentials) => (name, value.Text) switch
    {
        ("rejectUnauthorized" or "strictSSL", "false") => SecurityRules.Find("SEC309").At(value.Line),
        ("ignoreExpiration", "true") => SecurityRules.Find("SEC315").At(value.Line, severity: SecuritySeverity.Medium),
        ("origin", "*") when credentials => SecurityRules.Find("SEC316").At(value.Line),
        ("origin", "true") when credentials => SecurityRules.Find("SEC316").At(value.Line),
        ("httpOnly", "false") => SecurityRules.Find("SEC317").At(value.Line),
        ("secure", "false") => SecurityRules.Find("SEC317").At(value.Line, severity: SecuritySeverity.Low),
        ("__html", _) when value.Kind != ScriptKind.Text && value.Text is not "DOMPurify" => SecurityRules.Find("SEC306").At(value.Line),
        ("$where", _) when value.Kind is not ScriptKind.Text => SecurityRules.Find("SEC323").At(value.Line, severity: SecuritySeverity.High),
        _ => null,
    };

    private static SecurityFinding? OnAssignment(ScriptCode code, int at)
    {
        var (target, value) = (code.Tokens[at], code.ExpressionAt(at + 2));
        if (target.Text is "innerHTML" or "outerHTML" && !code.Constant(value) && !code.Cleaned(value))
            return SecurityRules.Find("SEC305").At(target.Line, severity: code.FromOutside(value) ? SecuritySeverity.High : null);
        if (target.Text == "NODE_TLS_REJECT_UNAUTHORIZED" && code.Slice(value) is [{ Text: "0" }, ..])
            return SecurityRules.Find("SEC309").At(target.Line);
        if (target.Text is "rejectUnauthorized" && code.Slice(value) is [{ Text: "false" }, ..])
            return SecurityRules.Find("SEC309").At(target.Line);
        var address = target.Text == "location" || (target.Text == "href" && code.NameEndingAt(at) is "location.href" or "window.location.href" or "document.location.href");
        return address && code.FromOutside(value) && !code.Cleaned(value) ? SecurityRules.Find("SEC312").At(target.Line) : null;
    }

    /// <summary>Math.random on a line, or just after a line, that names something which must not be guessed.</summary>
    private static IEnumerable<SecurityFinding> Randomness(ScriptCode code)
    {
        for (var i = 2; i < code.Tokens.Count; i++)
        {
            if (code.Tokens[i].Text != "random" || code.Tokens[i - 2].Text != "Math")
                continue;
            var near = Enumerable.Range(Math.Max(0, i - 40), Math.Min(40, i)).Select(k => code.Tokens[k])
                .Where(t => t.Kind == ScriptKind.Word && t.Line >= code.Tokens[i].Line - 3).Select(t => t.Text.Replace("_", "").ToLowerInvariant());
            if (near.Any(word => Guessable.Any(word.Contains)))
                yield return SecurityRules.Find("SEC319").At(code.Tokens[i].Line);
        }
    }
}
