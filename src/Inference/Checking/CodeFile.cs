namespace Platform.Inference;

/// <summary>A file of an answer, a request or a workspace.</summary>
/// <param name="Path">Relative path with forward slashes.</param>
/// <param name="Language">Language name.</param>
/// <param name="Text">The whole text.</param>
internal sealed record CodeFile(string Path, string Language, string Text)
{
    public static CodeFile Of(V1.SourceFile file) =>
        new(file.Path, file.Language.Length > 0 ? file.Language : Validation.Languages.FromPath(file.Path), file.Text);

    public V1.SourceFile ToWire() => new() { Path = Path, Language = Language, Text = Text };
}

/// <summary>The files of an answer, or why there are none.</summary>
/// <param name="Files">The files.</param>
/// <param name="Problem">What is wrong with them, for the engine to mend; null when nothing is.</param>
/// <param name="Truncated">Code is missing inside a file: none of the answer may be used.</param>
internal sealed record AnswerFiles(IReadOnlyList<CodeFile> Files, string? Problem, bool Truncated);

/// <summary>A fix that needed no engine.</summary>
/// <param name="Files">The files afterwards.</param>
/// <param name="Source">"memory" or "rule".</param>
/// <param name="Error">The first error it removed.</param>
/// <param name="Explanation">What was wrong and why this mends it.</param>
internal sealed record LocalFix(IReadOnlyList<CodeFile> Files, string Source, string Error, string Explanation);
