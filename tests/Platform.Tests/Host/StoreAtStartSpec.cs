using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Platform.Host;
using Platform.Storage;

namespace Platform.Tests.Host;

/// <summary>Stores and brokers that are not as they should be when a host starts.</summary>
public sealed class StoreAtStartSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CorruptFile_IsNamedAndLeftAsItIs()
    {
        var home = Directory.CreateTempSubdirectory("platform-test-");
        try
        {
            var file = Path.Combine(home.FullName, "router.db");
            await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("This was a database once. ", 500)), Token);
            var before = await File.ReadAllBytesAsync(file, Token);

            var run = await StartAsync(home.FullName);

            run.Exit.ShouldBe(1);
            run.Errors.ShouldContain(file);
            run.Errors.ShouldContain("left as it is");
            run.Log.ShouldNotContain(line => line.Contains("Hosting failed", StringComparison.Ordinal), "the command says it once");
            (await File.ReadAllBytesAsync(file, Token)).ShouldBe(before);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task DamagedDatabase_IsNamedAndLeftAsItIs()
    {
        var home = Directory.CreateTempSubdirectory("platform-test-");
        try
        {
            (await StartAsync(home.FullName)).Exit.ShouldBe(0);
            SqliteConnection.ClearAllPools();
            var file = Path.Combine(home.FullName, "router.db");
            await ScribbleAsync(file);
            var before = await File.ReadAllBytesAsync(file, Token);

            var run = await StartAsync(home.FullName);

            run.Exit.ShouldBe(1, run.Errors);
            run.Errors.ShouldContain(file);
            (await File.ReadAllBytesAsync(file, Token)).ShouldBe(before);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task FolderOfAnotherHost_NamesTheHostThatHasIt()
    {
        await using var first = await TestHost.StartAsync("router");

        var run = await StartAsync(first.Home);

        run.Exit.ShouldBe(1);
        run.Errors.ShouldContain(first.Home);
        run.Errors.ShouldContain(first.Doors.Grpc.ToString());
    }

    [Fact]
    public async Task UnreachableDatabase_IsTriedAgainWithAMessage_ThenTheStartFails()
    {
        var clock = new HurriedClock();
        var port = ClosedPort();

        var run = await HostRun.RunAsync(["--modules", "router"], Setting("ConnectionStrings:platform", $"Host=127.0.0.1;Port={port};Username=u;Password=hunter2"), null, clock);

        run.Exit.ShouldBe(3);
        run.Errors.ShouldContain($"127.0.0.1:{port}");
        run.Errors.ShouldContain("Check ConnectionStrings:platform");
        run.Log.Count(line => line.Contains($"127.0.0.1:{port}", StringComparison.Ordinal) && line.Contains("Trying again", StringComparison.Ordinal)).ShouldBe(SchemaStart.Attempts - 1);
        clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(2)).ShouldBe(SchemaStart.Attempts - 1);
        (run.Errors + string.Join('\n', run.Log)).ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("Password", "hunter2")]
    [InlineData("Database", "no_such_database")]
    public async Task DatabaseThatRefuses_IsNotTriedAgain_AndShowsNoStack(string key, string value)
    {
        var server = Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES");
        Assert.SkipWhen(string.IsNullOrEmpty(server), "PLATFORM_TEST_POSTGRES names no PostgreSQL server (./platform servers start).");
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(server) { [key] = value };
        if (key == "Password")
            connection.Username = "nobody_of_that_name";

        var run = await HostRun.RunAsync(["--modules", "router"], Setting("ConnectionStrings:platform", connection.ConnectionString), null, new HurriedClock());

        run.Exit.ShouldBe(2, run.Errors);
        run.Errors.ShouldContain("refuses the connection");
        run.Errors.ShouldContain("ConnectionStrings:platform");
        (run.Errors + string.Join('\n', run.Log)).ShouldNotContain("hunter2");
        run.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task UnreachableBroker_IsTriedAgainWithAMessage_ThenTheStartFails()
    {
        var clock = new HurriedClock();
        var port = ClosedPort();

        var run = await HostRun.RunAsync(["--modules", "router"], Setting("ConnectionStrings:messaging", $"amqp://user:hunter2@127.0.0.1:{port}"), null, clock);

        run.Exit.ShouldBe(3);
        run.Errors.ShouldContain($"127.0.0.1:{port}");
        run.Errors.ShouldContain("Check ConnectionStrings:messaging");
        run.Log.Count(line => line.Contains($"127.0.0.1:{port}", StringComparison.Ordinal) && line.Contains("Trying again", StringComparison.Ordinal)).ShouldBe(BrokerStart.Attempts - 1);
        clock.Waits.Count(wait => wait == TimeSpan.FromSeconds(2)).ShouldBe(BrokerStart.Attempts - 1);
        (run.Errors + string.Join('\n', run.Log)).ShouldNotContain("hunter2");
    }

    private static Task<HostRun> StartAsync(string home) => HostRun.RunAsync(["--modules", "router"], new Dictionary<string, string?>(), home, null);

    private static Dictionary<string, string?> Setting(string key, string value) => new() { [key] = value };

    /// <summary>Overwrites the table of contents and everything behind it; the header still says that this is a database.</summary>
    private static async Task ScribbleAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.Length.ShouldBeGreaterThan(4_096);
        stream.Position = 100;
        await stream.WriteAsync(Enumerable.Repeat((byte)0x5A, (int)stream.Length - 100).ToArray(), Token);
    }

    /// <summary>A port on which nobody listens.</summary>
    private static string ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }
}
