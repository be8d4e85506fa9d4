using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>
/// .NET: <c>dotnet test</c> of every test project, in the sandbox. There is no network in there: packages come from this machine's own cache, seen
/// read-only; a package that is not in it leaves the tests unchecked and is named.
/// </summary>
internal sealed partial class DotnetWorkspace : IWorkspaceSuite
{
    private const string Folder = ".run";
    private const int MostProjects = 20;

    // What is printed before the results is for people; the results come from the reports that each project wrote.
    private const string Script = """
        read -r secret
        mkdir -p .run/results .run/home .run/empty
        for project in "$@"; do
            dotnet restore "$project" $settings </dev/null >>.run/restore.log 2>&1 || { echo "$project" >>.run/unrestored; continue; }
            dotnet test "$project" --no-restore --nologo --logger trx --results-directory .run/results $settings </dev/null >>.run/test.log 2>&1 || echo "$project" >>.run/failed
        done
        tail -c 40000 .run/restore.log .run/test.log 2>/dev/null | sed 's/^/: /'
        printf '%s\n' "$secret" | dotnet .run/testkit/Platform.TestHost.dll .run results
        """;

    public string Name => "dotnet";

    public bool Matches(IReadOnlyList<SourceFile> files) => files.Any(IsTestProject);

    public Task<PreparedRun> PrepareAsync(IReadOnlyList<SourceFile> files, bool ownFiles, TestLimits limits, CancellationToken token)
    {
        if (CSharpReferences.DotnetRoot is not { } root || !Directory.Exists(Path.Combine(root, "sdk")))
            return Task.FromResult(PreparedRun.Unchecked("dotnet test needs the .NET SDK, which is not installed here."));
        if (!ownFiles || !Directory.Exists(CSharpReferences.TestKitPath))
            return Task.FromResult(PreparedRun.Unchecked(ownFiles ? $"dotnet test needs the folder '{CSharpReferences.TestKitPath}', which is missing." : "dotnet test needs a sandbox with files of its own."));
        var projects = files.Where(IsTestProject).Select(f => f.Path).Order(StringComparer.Ordinal).ToList();
        if (projects.Count > MostProjects)
            return Task.FromResult(PreparedRun.Unchecked($"The workspace has {projects.Count} test projects; the limit is {MostProjects}."));
        var input = CSharpReferences.TestKitUnder($"{Folder}/testkit");
        foreach (var file in files.Where(f => !f.Path.StartsWith(Folder + "/", StringComparison.Ordinal)))
            input[file.Path] = Encoding.UTF8.GetBytes(file.Text);
        var packages = PackageCache();
        return Task.FromResult(PreparedRun.Start(new SandboxCommand(["/bin/sh", "-c", Script, "sh", .. projects], input)
        {
            CopyInput = true,
            ReadOnlyFolders = [.. DotnetFolders.Sdk(root), .. packages is null ? [] : new[] { packages }],
            Environment = Environment(root, packages, limits),
        }));
    }

    private static bool IsTestProject(SourceFile file) => file.Path.EndsWith(".csproj", StringComparison.OrdinalIgnoreCase) && TestProject().IsMatch(file.Text);

    /// <summary>Packages that were restored on this machine before; null when there are none.</summary>
    private static string? PackageCache()
    {
        var named = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        var folder = string.IsNullOrEmpty(named) ? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages") : named;
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static Dictionary<string, string> Environment(string root, string? packages, TestLimits limits) => new()
    {
        ["PATH"] = root + ":/usr/bin:/bin",
        ["DOTNET_ROOT"] = root,
        ["DOTNET_CLI_HOME"] = $"{Sandbox.WorkPath}/{Folder}/home",
        ["NUGET_PACKAGES"] = $"{Sandbox.WorkPath}/{Folder}/packages",
        ["settings"] = $"-p:RestoreSources={Sandbox.WorkPath}/{Folder}/empty -p:NuGetAudit=false -p:UseSharedCompilation=false -nodeReuse:false{(packages is null ? "" : $" -p:RestoreFallbackFolders={packages}")}",
        ["LANG"] = "en_US.UTF-8",
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        ["DOTNET_NOLOGO"] = "1",
        // Memory that is written and run through two views needs files that the sandbox does not give.
        ["DOTNET_EnableWriteXorExecute"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_GCHeapHardLimit"] = (limits.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""Microsoft\.NET\.Test\.Sdk|<IsTestProject>\s*true|Include="(?:xunit|nunit|mstest)[^"]*""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TestProject();
}
