namespace Platform.Cli.Hooks;

/// <summary>The small shell scripts that git runs. Each carries a mark, so that nobody else's hook is ever overwritten or removed.</summary>
internal static class HookScript
{
    private const string Mark = "# platform hook";

    /// <summary>Hooks with the word that <c>platform hook</c> gets from each.</summary>
    public static readonly IReadOnlyList<(string Name, string Word, bool MayStop)> All = [("pre-commit", "check", true), ("post-commit", "learn", false)];

    /// <summary>Whether a file is one of ours.</summary>
    public static bool IsOurs(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <summary>The text of a hook.</summary>
    public static string Of(string word, bool mayStop) => $"""
        #!/bin/sh
        {Mark} 1: remove with 'platform hook uninstall'; skip once with 'git commit --no-verify'
        {(mayStop ? "exec " : "")}{Command()} hook {word}{(mayStop ? "" : " >/dev/null 2>&1 || true")}

        """;

    /// <summary>How this command was called: by the script of a source tree, as an installed tool, or as a program of dotnet.</summary>
    private static string Command()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_COMMAND") is { Length: > 0 } script)
            return Quote(script);
        var own = Path.Combine(AppContext.BaseDirectory, "platform.dll");
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? $"{Quote(Environment.ProcessPath!)} {Quote(own)}" : Quote(Environment.ProcessPath ?? "platform");
    }

    private static string Quote(string path) => $"'{path.Replace('\\', '/').Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
