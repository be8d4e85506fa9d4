namespace Platform.Validation;

/// <summary>A small set of rules for JavaScript and TypeScript. They look at pieces, not at types: a name decides, and what flows through a function's parameters is not followed.</summary>
internal sealed class ScriptScan : FileScan
{
    public override bool Reads(SourceFile file) => file.Language is "javascript" or "typescript";

    protected override IEnumerable<SecurityFinding> Find(SourceFile file)
    {
        var code = new ScriptCode(file.Text);
        return code.Calls.SelectMany(call => ScriptRules.OnCall(code, call)).Concat(ScriptSettings.Find(code));
    }
}
