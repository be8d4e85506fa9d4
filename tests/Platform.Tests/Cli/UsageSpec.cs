namespace Platform.Tests.Cli;

/// <summary>Wrong words are exit code 2, and a service that is not there is 3; standard output stays empty either way.</summary>
public sealed class UsageSpec : IDisposable
{
    private readonly PlatformHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("'--nope'", "query", "x", "--nope")]
    [InlineData("'absent.cs' does not exist", "validate", "absent.cs")]
    [InlineData("'absent.cs' does not exist", "fix", "absent.cs")]
    [InlineData("'absent' does not exist", "index", "absent")]
    [InlineData("does not exist", "query", "--batch", "absent.jsonl")]
    [InlineData("'nowhere' is unknown", "content", "check", "--platform", "nowhere", "--text", "Hello")]
    [InlineData("--platform is missing", "content", "check", "--text", "Hello")]
    [InlineData("'colour' not recognized", "content", "classify", "--kind", "colour", "--text", "Hello")]
    [InlineData("'loud'", "content", "adjust", "--platform", "x", "--tone", "loud", "--text", "Hello")]
    [InlineData("'absent.csv' does not exist", "content", "engagement", "import", "absent.csv")]
    [InlineData("is not NAME=CONTENT", "content", "experiment", "create", "--name", "n", "--arm", "a", "--arm", "b=c")]
    [InlineData("Give --project", "forget")]
    [InlineData("--server", "generate", "x", "--simulate", "--server", "http://127.0.0.1:9")]
    [InlineData("is not an address", "projects", "--server", "::")]
    [InlineData("--posts is 0", "demo", "--posts", "0")]
    [InlineData("'--name' is required", "keys", "create")]
    [InlineData("'king' not recognized", "keys", "create", "--name", "x", "--role", "king")]
    [InlineData("--expires 'soon' is no time", "keys", "create", "--name", "x", "--expires", "soon")]
    [InlineData("Required argument 'subject' missing", "privacy", "erase")]
    [InlineData("'roman' not recognized", "privacy", "erase", "someone", "--law", "roman")]
    [InlineData("--wait is 0", "privacy", "erase", "someone", "--wait", "0")]
    [InlineData("Unrecognized command or argument 'forget'", "audit", "forget")]
    [InlineData("'bench' runs in the source folder", "bench", "sse")]
    [InlineData("'nowhere' is not a folder", "watch", "nowhere")]
    public async Task Run_WrongWords_SaysWhatIsWrong(string says, params string[] words)
    {
        var ran = (await _home.RunAsync([.. words, "--json"])).ShouldExit(2);

        ran.Errors.ShouldContain(says);
        ran.Output.ShouldBe("");
    }

    [Theory]
    [InlineData("projects")]
    [InlineData("route", "sort a list")]
    public async Task Run_ServerIsNotThere_IsUnreachable(params string[] words)
    {
        // Port 9 (discard) is below those that a process takes by itself.
        var ran = (await _home.RunAsync([.. words, "--server", "http://127.0.0.1:9", "--json"])).ShouldExit(3);

        ran.Output.ShouldBe("");
    }
}
