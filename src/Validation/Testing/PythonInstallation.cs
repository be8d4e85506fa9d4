namespace Platform.Validation;

/// <summary>A Python interpreter and the folders it needs; a version manager's shim is resolved to the interpreter behind it.</summary>
internal sealed record PythonInstallation(string Program, IReadOnlyList<string> Folders, bool HasPytest)
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static IReadOnlyList<PythonInstallation>? known;

    /// <summary>The interpreters of this machine, the system's first.</summary>
    public static async Task<IReadOnlyList<PythonInstallation>> AllAsync(CancellationToken token)
    {
        await Gate.WaitAsync(token);
        try
        {
            return known ??= await FindAsync(token);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<IReadOnlyList<PythonInstallation>> FindAsync(CancellationToken token)
    {
        var onPath = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, "python3")).FirstOrDefault(File.Exists);
        var found = new List<PythonInstallation>();
        foreach (var program in new[] { Tool.Find("python3"), onPath }.OfType<string>().Distinct())
        {
            if (await AskAsync(program, token) is { } python && found.All(f => f.Program != python.Program))
                found.Add(python);
        }
        return found;
    }

    private static async Task<PythonInstallation?> AskAsync(string program, CancellationToken token)
    {
        const string question = "import importlib.util, sys; print(sys.executable, sys.prefix, sys.base_prefix, importlib.util.find_spec('pytest') is not None, sep='\\n')";
        var child = new ChildCommand(program, ["-I", "-c", question]) { Environment = CommandChecker.Environment(program) };
        var result = await ChildProcess.RunAsync(child, TestLimits.Default, token);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (result.ExitCode != 0 || lines.Length < 4)
            return null;
        var folders = lines[1..3].Distinct().Where(f => f != "/usr" && !f.StartsWith("/usr/", StringComparison.Ordinal));
        return new PythonInstallation(lines[0], [.. folders], lines[3] == "True");
    }
}
