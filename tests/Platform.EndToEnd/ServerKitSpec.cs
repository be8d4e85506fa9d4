using Npgsql;
using Platform.Cli.Servers;
using Shouldly;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>The servers themselves, in a folder of their own: started twice, killed, restarted, stopped.</summary>
public sealed class ServerKitSpec : IAsyncLifetime
{
    private readonly ServerKitOptions _options = new() { Folder = Directory.CreateTempSubdirectory("platform-servers-").FullName, UseGiven = false };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Assert.SkipUnless(await ServerMachines.AreAvailableAsync(Token), ServerKit.Needed);

    public async ValueTask DisposeAsync()
    {
        if (await ServerKit.FindAsync(_options, CancellationToken.None) is { } kit)
            await kit.StopAsync(deleteData: true, CancellationToken.None);
        Directory.Delete(_options.Folder, recursive: true);
    }

    [Fact]
    public async Task Start_Twice_FindsTheServersOfTheFirst()
    {
        var first = await ServerKit.StartAsync(_options, null, Token);
        var second = await ServerKit.StartAsync(_options, null, Token);

        second.Servers.Select(server => (server.Connection, server.Pid, server.StartedHere))
            .ShouldBe(first.Servers.Select(server => (server.Connection, server.Pid, false)));
    }

    [Fact]
    public async Task Kill_Database_KeepsPortAndCommittedRows()
    {
        var kit = await ServerKit.StartAsync(_options, null, Token);
        var database = await kit.CreateDatabaseAsync("spec", Token);
        await ExecuteAsync(database, "create table kept (embedding vector(3)); insert into kept values ('[1,2,3]')");

        await kit.PostgreSql.KillAsync(Token);
        (await kit.PostgreSql.RunsAsync(Token)).ShouldBeFalse();
        await kit.PostgreSql.StartAsync(null, Token);

        (await ExecuteAsync(database, "select (embedding <-> '[1,2,5]')::text from kept")).ShouldBe("2");
    }

    [Fact]
    public async Task Restart_Broker_KeepsPortAndVirtualHosts()
    {
        var kit = await ServerKit.StartAsync(_options, null, Token);
        var address = await kit.CreateVirtualHostAsync("spec", Token);

        await kit.RabbitMq.RestartAsync(Token);

        (await ServerProbe.ObstacleAsync(ServerRoles.RabbitMq, address, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Stop_AndStartAgain_KeepsTheDataUntilItIsDeleted()
    {
        var kit = await ServerKit.StartAsync(_options, null, Token);
        await ExecuteAsync(kit.PostgreSql.Connection, "create table kept (id int)");
        await kit.StopAsync(deleteData: false, Token);
        (await (await ServerKit.FindAsync(_options, Token)).ShouldNotBeNull().PostgreSql.RunsAsync(Token)).ShouldBeFalse();

        var again = await ServerKit.StartAsync(_options, null, Token);
        (await ExecuteAsync(again.PostgreSql.Connection, "select to_regclass('kept')::text")).ShouldBe("kept");
        await again.StopAsync(deleteData: true, Token);

        (await ServerKit.FindAsync(_options, Token)).ShouldBeNull();
    }

    private static async Task<object?> ExecuteAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
