namespace Platform.Cli.Testing;

/// <summary>The source folder that <c>platform test</c> works on.</summary>
internal static class Repository
{
    /// <summary>Name of the solution.</summary>
    public const string Solution = "Platform.sln";

    /// <summary>Configuration everything is tested in: the one that ships.</summary>
    public const string Configuration = "Release";

    private const string Framework = "net10.0";

    /// <summary>The nearest folder upwards from here that holds the solution.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new CommandException(ExitCodes.WrongUsage, $"'test' runs in the source folder: there is no {Solution} here or above.");
    }

    /// <summary>The executable of a test project.</summary>
    public static string TestProgram(string root, string project) =>
        Path.Combine(root, "tests", project, "bin", Configuration, Framework, OperatingSystem.IsWindows() ? $"{project}.exe" : project);
}
