using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Platform.Contracts.Engines;
using Platform.Storage;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform doctor</c>: what this machine offers, and what to do about what it lacks.</summary>
internal static class DoctorCommand
{
    public static Command Create() => CommandRun.Bind(new Command("doctor", "Looks at this machine: sandbox, tools, engines, data directory."), RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var findings = new List<Finding> { await SandboxAsync(token), Engines(), Home() };
        findings.AddRange(Tools());
        if (run.Json)
            CommandRun.Print(new { ok = findings.All(found => !found.Blocks || found.Ok), findings = findings.Select(found => new { found.Name, found.Ok, found.Says }) });
        else
            foreach (var found in findings)
                run.Answer.MarkupLineInterpolated($"{(found.Ok ? "ok     " : found.Blocks ? "PROBLEM" : "absent ")} {found.Name}: {found.Says}");
        return findings.Any(found => found.Blocks && !found.Ok) ? ExitCodes.Failed : ExitCodes.Success;
    }

    private static async Task<Finding> SandboxAsync(CancellationToken token)
    {
        var status = await new TestRunner(new SandboxOptions()).SandboxAsync(token);
        return new Finding("sandbox", status.Kind != SandboxKind.None, status.Reason ?? status.Kind.ToString().ToLowerInvariant(), false);
    }

    private static Finding Engines()
    {
        var catalog = EngineCatalog.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        return catalog.IsEmpty
            ? new Finding("engines", false, $"none is configured; generation is refused until one is. {EngineCatalog.HowToConfigure}", false)
            : new Finding("engines", true, string.Join(", ", catalog.Engines.Where(engine => engine.Enabled).Select(engine => $"{engine.Name} ({engine.Quality.Id})")), false);
    }

    private static Finding Home()
    {
        var path = Environment.GetEnvironmentVariable("PLATFORM_HOME") is { Length: > 0 } given ? given : StoreSwitch.DefaultHome();
        using var directory = new DataDirectory(path);
        try
        {
            if (directory.OwnerEndpoint() is { } owner)
                return new Finding("data directory", true, $"{directory.Path} is served by the host at {owner}", true);
            directory.Take();
            return new Finding("data directory", true, directory.Path, true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DataDirectoryInUseException)
        {
            return new Finding("data directory", false, e.Message, true);
        }
    }

    private static IEnumerable<Finding> Tools() =>
        from tool in new[] { ("python3", "checks and tests Python"), ("node", "checks and tests JavaScript"), ("bash", "checks shell"), ("go", "checks Go"), ("rustc", "checks Rust"), ("javac", "checks Java"), ("tsc", "checks TypeScript"), ("docker", "runs real servers") }
        let path = Find(tool.Item1)
        select new Finding(tool.Item1, path is not null, path ?? $"not on the path; what it {tool.Item2} stays unchecked", false);

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => new[] { Path.Combine(folder, tool), Path.Combine(folder, tool + ".exe") }).FirstOrDefault(File.Exists);

    /// <param name="Name">What was looked at.</param>
    /// <param name="Ok">Whether it is there.</param>
    /// <param name="Says">Where it is, or what to do.</param>
    /// <param name="Blocks">Whether nothing works without it.</param>
    private sealed record Finding(string Name, bool Ok, string Says, bool Blocks);
}
