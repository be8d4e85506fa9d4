using System.Diagnostics;

namespace Platform.Tests.Cli;

/// <summary><c>platform hook</c> in a real git repository.</summary>
public sealed class HookCommandSpec : IDisposable
{
    private readonly PlatformHome _home = new();

    public HookCommandSpec()
    {
        Assert.SkipWhen(Git("init", "-q").Exit != 0, "git is not installed");
        Git("config", "user.email", "a@example.org");
        Git("config", "user.name", "A");
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Commit_OfBrokenOrDangerousFiles_IsStopped_OfSoundOnes_Passes()
    {
        (await _home.RunAsync("hook", "install")).ShouldExit(0);

        _home.Write("broken.cs", "class A { int M( { }");
        Git("add", "broken.cs");
        var broken = Git("commit", "-qm", "broken");
        _home.Write("broken.cs", "using Unknown.Package;\nclass A : FromElsewhere { }\n");
        Git("add", "broken.cs");
        var sound = Git("commit", "-qm", "sound");
        _home.Write("deploy.py", "aws_key = \"AKIA" + "Z7QX3MPLK2WEUT5R\"\n");
        Git("add", "deploy.py");
        var secret = Git("commit", "-qm", "secret");

        broken.Exit.ShouldNotBe(0);
        broken.Output.ShouldContain("CS1");
        sound.Exit.ShouldBe(0, sound.Output);
        secret.Exit.ShouldNotBe(0, secret.Output);
        secret.Output.ShouldNotContain("Z7QX3MPLK2WEUT5R");
        Git("log", "--oneline").Output.Trim().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task Commit_OfWhatIsStaged_IsJudged_NotTheWorkingTree()
    {
        (await _home.RunAsync("hook", "install")).ShouldExit(0);
        _home.Write("a.py", "def ok():\n    return 1\n");
        Git("add", "a.py");
        _home.Write("a.py", "def broken(:\n");

        Git("commit", "-qm", "staged is sound").Exit.ShouldBe(0);
    }

    [Fact]
    public async Task Commit_OfLinksAndOfConfigurationWithComments_Passes()
    {
        (await _home.RunAsync("hook", "install")).ShouldExit(0);
        _home.Write(".vscode/launch.json", "{\n  // where to start\n  \"version\": \"0.2.0\",\n}\n");
        _home.Write(".eslintrc.json", "{ /* house rules */ \"rules\": {} }\n");
        _home.Write("App.js", "export default function App() {\n  return (\n    <main className=\"a\">hello</main>\n  );\n}\n");
        _home.Write("what?.py", "x = 1\n");
        File.CreateSymbolicLink(Path.Combine(_home.Folder, "settings.json"), "../elsewhere/settings.json");
        Git("add", "-A");

        var commit = Git("commit", "-qm", "honest");

        commit.Exit.ShouldBe(0, commit.Output);
        Git("ls-files").Output.Trim().Split('\n').Length.ShouldBe(5);
    }

    [Fact]
    public async Task Install_WhereAnotherHookIs_LeavesIt_UntilForced_AndUninstallBringsItBack()
    {
        var hook = _home.Write(".git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");

        (await _home.RunAsync("hook", "install")).ShouldExit(1).Errors.ShouldContain("--force");
        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, hook))).ShouldNotContain("platform");
        (await _home.RunAsync("hook", "install", "--force", "--json")).ShouldExit(0).Document.GetProperty("installed").GetBoolean().ShouldBeTrue();
        (await _home.RunAsync("hook", "uninstall")).ShouldExit(0);

        (await File.ReadAllTextAsync(Path.Combine(_home.Folder, hook))).ShouldBe("#!/bin/sh\nexit 0\n");
    }

    private (int Exit, string Output) Git(params string[] words)
    {
        var start = new ProcessStartInfo("git", words) { WorkingDirectory = _home.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PLATFORM_HOME"] = _home.Data;
        using var git = Process.Start(start)!;
        var error = git.StandardError.ReadToEndAsync();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return (git.ExitCode, output + error.Result);
    }
}
