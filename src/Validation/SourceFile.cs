namespace Platform.Validation;

/// <summary>A text file to check, run or fix.</summary>
/// <param name="Path">Relative path with forward slashes; names the file in reports and in the sandbox.</param>
/// <param name="Language">One of <see cref="Languages.All"/>.</param>
/// <param name="Text">The whole content.</param>
public sealed record SourceFile(string Path, string Language, string Text)
{
    /// <summary>True for a relative path of ordinary characters that stays inside its folder.</summary>
    public static bool IsSafe(string path) => PathHint.Safe(path) is not null;

    /// <summary>A file whose language follows from its name.</summary>
    public static SourceFile FromPath(string path, string text) => new(path, Languages.FromPath(path), text);
}
