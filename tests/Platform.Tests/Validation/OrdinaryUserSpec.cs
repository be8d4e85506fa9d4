using System.Text.RegularExpressions;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>The red team and the runners once more as a user without rights: walls are built there by user namespaces, which is other code.</summary>
public sealed partial class OrdinaryUserSpec
{
    private const string User = "54321";
    private static readonly TestLimits Limits = new() { Time = TimeSpan.FromMinutes(10), OutputBytes = 4 << 20 };

    [Theory]
    [InlineData(nameof(RedTeamSpec), 30)]
    [InlineData(nameof(SandboxKindsSpec), 4)]
    public async Task Spec_AsOrdinaryUser_PassesToo(string spec, int least)
    {
        Assert.SkipUnless(Inside.IsRoot, "this run is an ordinary user's already, and so is that of the spec");
        Assert.SkipWhen(Tool.Find("setpriv") is null, "setpriv is not installed");
        var home = Directory.CreateTempSubdirectory("ordinary-user-");
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(home.FullName, (UnixFileMode)0x1FF);
            var program = Path.Combine(AppContext.BaseDirectory, "Platform.Tests");
            var trial = await RunAsync(home.FullName, "test", "-x", program);
            Assert.SkipWhen(trial.ExitCode != 0, $"ordinary users cannot read '{program}'");
            var probe = await RunAsync(home.FullName, "unshare", "--user", "--map-root-user", "true");
            Assert.SkipWhen(probe.ExitCode != 0, UserNamespaces.Obstacle() ?? $"This machine forbids user namespaces to ordinary users: {probe.Error.Trim()}");

            var result = await RunAsync(home.FullName, program, "-noColor", "-class", "Platform.Tests.Validation." + spec);

            var totals = Totals().Match(result.Output);
            totals.Success.ShouldBeTrue(result.Output + result.Error);
            int Count(string name) => int.Parse(totals.Groups[name].Value, System.Globalization.CultureInfo.InvariantCulture);
            (Count("errors") + Count("failed")).ShouldBe(0, result.Output);
            // Skipped specs prove nothing: of each kind of sandbox something ran.
            (Count("total") - Count("skipped")).ShouldBeGreaterThanOrEqualTo(least, result.Output);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("kernel/unprivileged_userns_clone", "0\n", "unprivileged_userns_clone = 0")]
    [InlineData("kernel/apparmor_restrict_unprivileged_userns", "1\n", "sysctl kernel.apparmor_restrict_unprivileged_userns=0")]
    [InlineData("user/max_user_namespaces", "0\n", "max_user_namespaces = 0")]
    [InlineData("user/max_user_namespaces", "96365\n", null)]
    [InlineData("kernel/unprivileged_userns_clone", "1\n", null)]
    public void Obstacle_KernelSetting_IsNamedWithItsCure(string file, string value, string? words)
    {
        var settings = Directory.CreateTempSubdirectory("settings-");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(settings.FullName, file))!);
            File.WriteAllText(Path.Combine(settings.FullName, file), value);

            var obstacle = UserNamespaces.Obstacle(settings.FullName);

            if (words is null)
                obstacle.ShouldBeNull();
            else
                obstacle.ShouldNotBeNull().ShouldContain(words);
        }
        finally
        {
            settings.Delete(recursive: true);
        }
    }

    private static Task<ChildResult> RunAsync(string home, params string[] command)
    {
        var child = new ChildCommand(Tool.Find("setpriv")!, [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--", .. command])
        {
            Folder = home,
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/bin:/bin:/usr/sbin:/sbin",
                ["HOME"] = home,
                ["TMPDIR"] = home,
                ["DOTNET_ROOT"] = CSharpReferences.DotnetRoot ?? "",
            },
        };
        return ChildProcess.RunAsync(child, Limits, TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(@"Total: (?<total>\d+), Errors: (?<errors>\d+), Failed: (?<failed>\d+), Skipped: (?<skipped>\d+)")]
    private static partial Regex Totals();
}
