using Testcontainers.PostgreSql;

[assembly: AssemblyFixture(typeof(Platform.Containers.ContainerServer))]

namespace Platform.Containers;

/// <summary>One PostgreSQL with pgvector out of its published image; the specs find it by the variable they read anyway.</summary>
public sealed class ContainerServer : IAsyncLifetime
{
    private readonly PostgreSqlContainer _container = new PostgreSqlBuilder().WithImage("pgvector/pgvector:pg17").Build();

    public async ValueTask InitializeAsync()
    {
        await _container.StartAsync();
        Environment.SetEnvironmentVariable("PLATFORM_TEST_POSTGRES", _container.GetConnectionString());
    }

    public ValueTask DisposeAsync() => _container.DisposeAsync();
}
