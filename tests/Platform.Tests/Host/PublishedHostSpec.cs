using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Platform.Tests.Host;

/// <summary>The published output, started in another folder: there static assets of a library can be answered with 200 and nothing.</summary>
public sealed partial class PublishedHostSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PublishedHost_StartedElsewhere_ServesTheConsoleAndItsAssets()
    {
        var folder = Directory.CreateTempSubdirectory("platform-published-").FullName;
        try
        {
            var published = Path.Combine(folder, "published");
            var (exit, output) = await RunAsync("publish", Path.Combine(Architecture.Repository.Root, "src", "Host"), "--no-build", "--configuration", Configuration(), "--output", published, "--nologo", "-p:UseSharedCompilation=false", "-nodeReuse:false");
            exit.ShouldBe(0, output);
            var elsewhere = Directory.CreateDirectory(Path.Combine(folder, "elsewhere")).FullName;
            using var host = Start(elsewhere, folder, Directory.EnumerateFiles(published, "*.runtimeconfig.json").Single().Replace(".runtimeconfig.json", ".dll", StringComparison.Ordinal), "--modules", "router,metrics");
            try
            {
                await CheckAsync(await AddressAsync(host));
            }
            finally
            {
                host.Kill(entireProcessTree: true);
                await host.WaitForExitAsync(Token);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CheckAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        page.ShouldContain("<h1>Overview</h1>");
        var assets = Asset().Matches(page).Select(match => match.Value).Distinct().ToList();
        assets.Select(Path.GetFileName).ShouldBe(["icon.svg", "console.css", "console.js"], ignoreOrder: true);
        foreach (var asset in assets)
            (await http.GetByteArrayAsync(new Uri(asset, UriKind.Relative), Token)).Length.ShouldBeGreaterThan(100, asset);
    }

    /// <summary>The line that a host writes when its doors are open.</summary>
    private static async Task<Uri> AddressAsync(Process host)
    {
        var lines = new List<string>();
        while (await host.StandardError.ReadLineAsync(Token) is { } line)
        {
            lines.Add(line);
            if (Door().Match(line) is { Success: true } door)
                return new Uri(door.Groups[1].Value);
        }

        throw new InvalidOperationException($"The published host did not start: {string.Join('\n', lines)}");
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] words)
    {
        using var process = Start(Architecture.Repository.Root, null, words);
        var errors = process.StandardError.ReadToEndAsync(Token);
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output + await errors);
    }

    private static Process Start(string folder, string? home, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", words) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PLATFORM_", StringComparison.Ordinal) || name.StartsWith("ConnectionStrings__", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        if (home is not null)
        {
            start.Environment["PLATFORM_HOME"] = Path.Combine(home, "home");
            start.Environment["HTTP_PORT"] = start.Environment["GRPC_PORT"] = "0";
        }

        return Process.Start(start)!;
    }

    /// <summary>The configuration that these tests were built in, and the host with them.</summary>
    private static string Configuration() => AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    [GeneratedRegex("/console/[0-9a-f]+/[a-z]+\\.[a-z]+")]
    private static partial Regex Asset();

    [GeneratedRegex(@"\bhttp (http://\S+)")]
    private static partial Regex Door();
}
