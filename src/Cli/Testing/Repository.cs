using Platform.Cli.Servers;

namespace Platform.Cli.Testing;

/// <summary>The source folder that <c>platform test</c> and <c>platform bench</c> work on.</summary>
internal static class Repository
{
    /// <summary>Name of the solution.</summary>
    public const string Solution = "Platform.sln";

    /// <summary>Configuration everything is tested in: the one that ships.</summary>
    public const string Configuration = "Release";

    private const string Framework = "net10.0";

    /// <summary>The nearest folder upwards from here that holds the solution.</summary>
    /// <param name="command">Who asks, for the message.</param>
    /// <exception cref="CommandException">There is none; says what to do.</exception>
    public static string Find(string command)
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new CommandException(ExitCodes.WrongUsage, $"'{command}' runs in the source folder, and there is no {Solution} here or above: get the sources, go there, and run './platform {command}'.");
    }

    /// <summary>The executable of a test project.</summary>
    public static string TestProgram(string root, string project, string? assembly = null) =>
        Path.Combine(root, "tests", project, "bin", Configuration, Framework, OperatingSystem.IsWindows() ? $"{assembly ?? project}.exe" : assembly ?? project);

    /// <summary>The .NET command in the source folder, without servers that would outlive this command.</summary>
    public static ExternalCommand DotNet(string root, params string[] arguments) => new("dotnet", arguments)
    {
        Folder = root,
        Environment = new Dictionary<string, string?> { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
    };
}
