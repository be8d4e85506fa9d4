using Platform.Cli.Servers;

namespace Platform.Cli.Testing;

/// <summary>How suites hear of the servers, and of nothing else that this user has set.</summary>
internal static class TestServers
{
    /// <summary>Variable with the connection string of a PostgreSQL database with the vector type, whose user may create others.</summary>
    public const string PostgreSql = "PLATFORM_TEST_POSTGRES";

    /// <summary>Variable with the address of a broker.</summary>
    public const string RabbitMq = "PLATFORM_TEST_RABBITMQ";

    // What hosts and commands read: a test's own settings must be the only ones.
    private static readonly string[] Ours = ["PLATFORM_", "ConnectionStrings__", "Peers__", "Access__", "Engines__", "OTEL_"];

    /// <summary>The variables that lead a suite to the servers.</summary>
    public static IReadOnlyDictionary<string, string?> Variables(ServerKit kit, string folder)
    {
        var variables = new Dictionary<string, string?>
        {
            [PostgreSql] = kit.PostgreSql.Connection,
            [RabbitMq] = kit.RabbitMq.Connection,
            [ServerKitOptions.FolderVariable] = folder,
        };
        foreach (var server in kit.Servers.Where(server => server.Kind == ServerKinds.Given))
            variables[ServerKit.GivenVariable(server.Role)] = server.Connection;
        return variables;
    }

    /// <summary>Changes to this process's environment that leave a suite with these variables only.</summary>
    public static IReadOnlyDictionary<string, string?> CleanEnvironment(IReadOnlyDictionary<string, string?> variables)
    {
        var changes = Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => Ours.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in variables)
            changes[name] = value;
        return changes;
    }
}
