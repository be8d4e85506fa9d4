using System.Diagnostics;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>How checkers call tools that are seldom installed, and what they make of their words: scripts stand in for them.</summary>
public sealed class InstalledToolsSpec : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("platform-tools-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Sql_IsParsedAsItStands_WithoutSettingsAndInAnEmptyFolder()
    {
        var tool = Tool("sqlfluff", "echo \"L:   1 | P:   1 | PRS | in $(pwd) of $(ls -A | wc -l): $*\"; exit 1");

        var verdict = (await new SqlChecker(new ValidationOptions(), tool).CheckAsync([SourceFile.FromPath("a.sql", "select 1;")], TestContext.Current.CancellationToken)).Single();

        var said = verdict.Diagnostics.Single().Message;
        said.ShouldNotContain(Environment.CurrentDirectory + " ");
        said.ShouldContain(" of 0: parse ");
        said.ShouldContain("--templater raw");
        said.ShouldContain("--library-path none");
        said.ShouldContain("--ignore-local-config");
    }

    [Theory]
    [InlineData("undefined: Helper", Severity.Info)]
    [InlineData("s.Name undefined (type Shop has no field or method Name)", Severity.Info)]
    [InlineData("Size redeclared in this block", Severity.Info)]
    [InlineData("undefined: strings.Shout", Severity.Error)]
    [InlineData("cannot use 1 (untyped int constant) as string value in return statement", Severity.Error)]
    public async Task Go_WhatAnotherFileOfThePackageMayHold_IsNoError(string message, Severity severity)
    {
        var verdict = await GoAsync($"echo './a.go:3:5: {message}' | sed 's/^/vet: /' >&2; exit 1", new ValidationOptions());

        verdict.Diagnostics.Select(d => (d.Message, d.Severity)).ShouldBe([(message, severity)]);
        verdict.State.ShouldBe(severity == Severity.Error ? SyntaxState.Error : SyntaxState.Ok);
    }

    [Fact]
    public async Task Go_SyntaxOnly_IsNotVetted()
    {
        const string vet = "echo 'vet: ./a.go:3:5: cannot use 1 as string value' >&2; exit 1";

        (await GoAsync(vet, new ValidationOptions { SyntaxOnly = true })).Diagnostics.ShouldBeEmpty();
        (await GoAsync(vet, new ValidationOptions())).State.ShouldBe(SyntaxState.Error);
    }

    [Fact]
    public async Task Go_KeepsWhatItCompiled_WhereNobodyElseWrites()
    {
        var verdict = await GoAsync("echo \"./a.go:1:1: $GOCACHE\" >&2; exit 1", new ValidationOptions());

        var cache = verdict.Diagnostics.Single().Message;
        Path.GetDirectoryName(cache).ShouldNotBe(Path.GetTempPath().TrimEnd('/'), "a fixed name in the folder of all users");
        if (!OperatingSystem.IsWindows())
            (File.GetUnixFileMode(cache) & UnixFileMode.OtherWrite).ShouldBe(UnixFileMode.None);
    }

    private async Task<Verdict> GoAsync(string vet, ValidationOptions options)
    {
        var checker = new GoChecker(options, CheckCommands.Go with { Program = Tool("gofmt", "exit 0") }, CheckCommands.GoVet with { Program = Tool("go", vet) });
        return (await checker.CheckAsync([SourceFile.FromPath("a.go", "package a\n")], TestContext.Current.CancellationToken)).Single();
    }

    // Written by another process: one that was forked from this one while the file was open would keep it from being run.
    private string Tool(string name, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Scripts stand in for the tools.");
        var path = Path.Combine(folder, name);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "cat > \"$0\" && chmod 755 \"$0\"", path]) { RedirectStandardInput = true };
        using var writer = Process.Start(start)!;
        writer.StandardInput.Write("#!/bin/sh\n" + script + "\n");
        writer.StandardInput.Close();
        writer.WaitForExit();
        return path;
    }
}
