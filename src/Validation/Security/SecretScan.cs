namespace Platform.Validation;

/// <summary>Finds credentials in any file by their shape, by the name they are given, and by how random they look. What it finds never appears in a message.</summary>
internal sealed class SecretScan(SecurityOptions security) : FileScan
{
    /// <summary>A comment that says: this is no secret. It counts for its own line and the next.</summary>
    public const string AllowComment = "platform:allow-secret";

    private static readonly string[] LockFiles = ["package-lock.json", "packages.lock.json", "yarn.lock", "pnpm-lock.yaml", "poetry.lock", "cargo.lock", "go.sum", "pipfile.lock"];

    public override bool Reads(SourceFile file) => !LockFiles.Contains(Path.GetFileName(file.Path), StringComparer.OrdinalIgnoreCase);

    protected override IEnumerable<SecurityFinding> Find(SourceFile file)
    {
        var plain = file.Language is "text" or "yaml" or "shell" or "markdown";
        foreach (var (line, text, before) in TextPieces.Of(file.Text))
        {
            if (security.HonourComments && (text.Contains(AllowComment, StringComparison.Ordinal) || before.Contains(AllowComment, StringComparison.Ordinal)))
                continue;
            foreach (var (rule, kind, severity) in SecretShapes.In(text, plain))
                yield return SecurityRules.Find(rule).At(line, $"{kind} stands in the file: everyone who can read it can use it, and history keeps it.", severity);
        }
    }
}
