using System.Net;
using System.Net.Sockets;
using Platform.Cli.Servers;
using Shouldly;
using Xunit;

namespace Platform.Tests.Servers;

public sealed class ServersSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-test-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\n", "http://mirror.example/debian")]
    [InlineData("# deb http://old.example/debian stable main\ndeb [signed-by=/k.gpg] https://a.example/debian/ bookworm main", "https://a.example/debian/")]
    [InlineData("URIs: http://mirror.example/debian-security\nSuites: bookworm-security\n", null)]
    [InlineData("deb https://packages.example/tool stable main", null)]
    [InlineData("", null)]
    public void FindMirror_AptSources_TakesTheMainArchiveOnly(string sources, string? expected) => DebianRoot.FindMirror(sources).ShouldBe(expected);

    [Fact]
    public void Take_Ports_AreFreeAndBelowThoseOfOutgoingConnections()
    {
        var ports = FreePort.Take(20);

        ports.Distinct().Count().ShouldBe(20);
        ports.ShouldAllBe(port => port >= 20_000 && port < 32_000);
        ports.ShouldAllBe(port => FreePort.IsFree(port));
    }

    [Fact]
    public void IsFree_PortOfAListener_IsFalse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        FreePort.IsFree(((IPEndPoint)listener.LocalEndpoint).Port).ShouldBeFalse();
    }

    [Fact]
    public void Write_State_ComesBackAndIsPrivate()
    {
        var state = new ServerState();
        var record = state.Add(ServerRoles.RabbitMq, new DockerMachine(_folder, new Dictionary<string, string>()));
        record.TakePorts();
        record.Connection = "amqp://somewhere";

        state.Write(_folder);
        var back = ServerState.Read(_folder).ShouldNotBeNull().Find(ServerRoles.RabbitMq).ShouldNotBeNull();

        (back.Port, back.Password, back.Connection, back.Container).ShouldBe((record.Port, record.Password, "amqp://somewhere", record.Container));
        back.InnerPorts.ShouldBe(record.InnerPorts);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_folder, "state.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Read_StateCutInTheMiddle_IsNone()
    {
        File.WriteAllText(Path.Combine(_folder, "state.json"), """{"servers":[{"role":"post""");

        ServerState.Read(_folder).ShouldBeNull();
    }

    [Fact]
    public void ContainerName_OfTwoFolders_Differs()
    {
        var settings = new Dictionary<string, string>();

        new DockerMachine("/a", settings).ContainerName("rabbitmq").ShouldNotBe(new DockerMachine("/b", settings).ContainerName("rabbitmq"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\"b")]
    [InlineData("a;drop")]
    public async Task CreateDatabase_NameThatIsNone_IsRefusedBeforeAnyConnection(string name) =>
        (await Should.ThrowAsync<ArgumentException>(() => ServerProbe.CreateDatabaseAsync("Host=nowhere.invalid", name, Token))).Message.ShouldContain($"'{name}'");

    [Fact]
    public async Task Run_Command_GivesCodeAndTailAndEveryLine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var lines = new List<string>();

        var result = await new ExternalCommand("/bin/sh", "-c", "echo one; echo two >&2; exit 7") { OnLine = line => { lock (lines) lines.Add(line); } }.RunAsync(Token);

        result.ExitCode.ShouldBe(7);
        result.Output.ShouldContain("two");
        lines.ShouldBe(["one", "two"], ignoreOrder: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task Run_Cancelled_KillsWhatTheCommandStarted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource<int>();
        var running = new ExternalCommand("/bin/sh", "-c", "sleep 600 & echo $!; wait") { OnLine = line => started.TrySetResult(int.Parse(line)) }.RunAsync(stop.Token);
        var child = await started.Task.WaitAsync(Token);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);

        // Dying takes the kernel a moment; a child that lives on would sleep past the limit of this test.
        while (Lives(child))
            await Task.Delay(10, Token);
    }

    [Fact]
    public async Task Try_ProgramThatIsNotThere_IsNull() =>
        (await new ExternalCommand("no-such-program-anywhere").TryAsync(TimeSpan.FromSeconds(5), Token)).ShouldBeNull();

    /// <summary>A zombie is dead: nobody has reaped it yet.</summary>
    private static bool Lives(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
