namespace Platform.Router;

/// <summary>Paths that stay inside a workspace.</summary>
internal static class WorkspacePath
{
    /// <summary>Most characters of a path.</summary>
    public const int MaxLength = 400;

    /// <summary>Whether a path is relative, made of plain segments, and cannot lead out of its root.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= MaxLength
        && !path.StartsWith('/') && !path.Contains('\\') && !path.Contains(':') && !path.Any(char.IsControl)
        && path.Split('/').All(segment => segment.Length > 0 && segment is not ("." or ".."));
}
