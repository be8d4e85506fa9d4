using System.CommandLine;

namespace Platform.Cli;

/// <summary>Options that every command understands.</summary>
internal static class GlobalOptions
{
    /// <summary>One JSON document on standard output and nothing else.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON document (or JSON lines where said) on standard output; messages go to standard error.",
        Recursive = true,
    };

    /// <summary>The host to talk to.</summary>
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "gRPC address of a running host, such as http://127.0.0.1:5081. Default: PLATFORM_SERVER, else the host that owns the data directory, else one inside this command.",
        Recursive = true,
    };

    /// <summary>The key to present.</summary>
    public static readonly Option<string?> Key = new("--key")
    {
        Description = "Key to present to the host. Default: PLATFORM_KEY.",
        Recursive = true,
    };
}
