using Platform.Cli.Servers;
using Xunit;

[assembly: AssemblyFixture(typeof(Platform.EndToEnd.RealServers))]

namespace Platform.EndToEnd;

/// <summary>One real PostgreSQL and one real RabbitMQ for all specs; each spec takes a database and a virtual host of its own.</summary>
public sealed class RealServers : IAsyncLifetime
{
    private ServerKit? _kit;

    /// <summary>The servers; a machine that cannot have them skips the test with the reason.</summary>
    internal ServerKit Kit
    {
        get
        {
            Assert.SkipWhen(_kit is null, ServerKit.Needed);
            return _kit!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        // Only a machine that cannot have servers is a reason to skip: servers that do not start are a failure.
        if (ServerKit.AreGiven || await ServerMachines.AreAvailableAsync(CancellationToken.None))
            _kit = await ServerKit.StartAsync(new ServerKitOptions(), null, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
