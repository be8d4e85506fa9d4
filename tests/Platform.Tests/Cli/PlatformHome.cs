using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Platform.Tests.Cli;

/// <summary>A folder with a data directory of its own, in which <c>platform</c> runs as a process, as a user's shell would run it.</summary>
internal sealed class PlatformHome : IDisposable
{
    /// <summary>The bound of one command; never reached unless it hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Settings of the machine that would change what a command does.</summary>
    private static readonly string[] Foreign = ["PLATFORM_", "ConnectionStrings__", "Engines__", "Peers__", "Router__", "HTTP_PORT", "GRPC_PORT", "OTEL_", "ASPNETCORE_", "DOTNET_ENVIRONMENT"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platform-cli-");

    /// <summary>The current folder of the commands.</summary>
    public string Folder => _folder.FullName;

    /// <summary>The data directory.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>Further environment of the commands.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Writes a file into the current folder; gives its name.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return name;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<CommandResult> RunAsync(params string[] words)
    {
        await using var command = Start(words);
        return await command.EndAsync();
    }

    /// <summary>Starts a command that runs until it is killed.</summary>
    public RunningCommand Start(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "platform.dll"));
        foreach (var word in words)
            start.ArgumentList.Add(word);
        foreach (var name in start.Environment.Keys.Where(name => Foreign.Any(each => name.StartsWith(each, StringComparison.OrdinalIgnoreCase))).ToList())
            start.Environment.Remove(name);
        start.Environment["PLATFORM_HOME"] = Data;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return new RunningCommand(start, Limit);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A command that ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output as JSON lines; fails when it holds anything else.</summary>
    public IReadOnlyList<JsonElement> Lines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];

    /// <summary>Standard output as the one document it must hold.</summary>
    public JsonElement Document => Lines.ShouldHaveSingleItem();

    /// <summary>Fails on another exit code, and shows what was said.</summary>
    public CommandResult ShouldExit(int code)
    {
        ExitCode.ShouldBe(code, $"output: {Output}\nerrors: {Errors}");
        return this;
    }
}
