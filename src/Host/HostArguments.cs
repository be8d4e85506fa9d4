namespace Platform.Host;

/// <summary>What the host was started with.</summary>
/// <param name="Modules">Value of <c>--modules</c>.</param>
/// <param name="ListModules">Only list the modules.</param>
/// <param name="CheckConfig">Only check the settings.</param>
/// <param name="Settings">Everything else, for configuration.</param>
public sealed record HostArguments(string Modules, bool ListModules, bool CheckConfig, IReadOnlyList<string> Settings)
{
    /// <summary>All modules, no settings.</summary>
    public static readonly HostArguments Embedded = new("all", false, false, []);

    /// <summary>Values that win over every other source, for hosts inside a command or a test.</summary>
    public IReadOnlyDictionary<string, string?> Overrides { get; init; } = new Dictionary<string, string?>();

    /// <summary>Last word on the services before the host is built; for tests that bring their own clock.</summary>
    public Action<WebApplicationBuilder>? Adjust { get; init; }

    /// <summary>Reads the words of the command line.</summary>
    /// <exception cref="HostUsageException">A word is unknown.</exception>
    public static HostArguments Parse(IReadOnlyList<string> args)
    {
        var result = Embedded;
        var settings = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--modules" when i + 1 < args.Count:
                    result = result with { Modules = args[++i] };
                    break;
                case "--list-modules":
                    result = result with { ListModules = true };
                    break;
                case "--check-config":
                    result = result with { CheckConfig = true };
                    break;
                case "--allow-unsandboxed":
                    settings.Add("--Runner:AllowUnsandboxed=true");
                    break;
                case var word when word.StartsWith("--modules=", StringComparison.Ordinal):
                    result = result with { Modules = word["--modules=".Length..] };
                    break;
                case var word when word.StartsWith("--", StringComparison.Ordinal) && word.Contains('='):
                    settings.Add(word);
                    break;
                default:
                    throw new HostUsageException($"'{args[i]}' is not understood; use --modules NAMES, --list-modules, --check-config, --allow-unsandboxed, or --Key=Value for a setting.");
            }
        }

        return result with { Settings = settings };
    }
}
