namespace Platform.Benchmarks.Security;

/// <summary>Finds labelled samples: an argument, the environment, or the folder of evaluation data beside the repository.</summary>
internal static class EvaluationData
{
    private const string Variable = "PLATFORM_SECURITY_DATA";

    /// <summary>The folder with <c>csharp_*.jsonl</c> and <c>bandit_*.jsonl</c>; null when there is none.</summary>
    public static string? Folder(string[] args)
    {
        if ((args is [var given, ..] ? given : Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
            return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (Path.Combine(folder.FullName, "shared", "data", "security") is var found && Directory.Exists(found))
                return found;
        }
        return null;
    }
}
