namespace Platform.Cli;

/// <summary>Exit codes of every command.</summary>
internal static class ExitCodes
{
    /// <summary>It worked.</summary>
    public const int Success = 0;

    /// <summary>The work failed, or what was checked is invalid.</summary>
    public const int Failed = 1;

    /// <summary>The words on the command line, or the settings, are wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>A service could not be reached.</summary>
    public const int Unreachable = 3;
}

/// <summary>A command cannot go on; the message says what to do.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
