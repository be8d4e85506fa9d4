namespace Platform.Cli.Servers;

/// <summary>A way to run servers: containers, or a Debian file system of our own.</summary>
internal interface IServerMachine
{
    /// <summary>One of <see cref="ServerKinds"/>.</summary>
    string Kind { get; }

    /// <summary>Name of the container a new server of this role gets; null when it runs as a process.</summary>
    string? ContainerName(string role);

    /// <summary>Fetches what is needed once, so that later starts take seconds.</summary>
    Task PrepareAsync(IProgress<string> progress, CancellationToken token);

    /// <summary>Starts the server on the ports of its record, and notes there how to find it again. Does not wait until it answers.</summary>
    Task LaunchAsync(ServerRecord server, CancellationToken token);

    /// <summary>Whether its process or container lives.</summary>
    Task<bool> RunsAsync(ServerRecord server, CancellationToken token);

    /// <summary>Asks it to end in order, and kills it when it does not.</summary>
    Task StopAsync(ServerRecord server, CancellationToken token);

    /// <summary>Ends it at once, as a crash would (kill -9), with everything it started.</summary>
    Task KillAsync(ServerRecord server, CancellationToken token);

    /// <summary>Adds a virtual host to the broker, open to its user.</summary>
    Task AddVirtualHostAsync(ServerRecord broker, string name, CancellationToken token);

    /// <summary>The end of the server's log, for messages.</summary>
    Task<string> LogAsync(ServerRecord server, CancellationToken token);

    /// <summary>Deletes the server's data; it does not run.</summary>
    Task DeleteDataAsync(ServerRecord server, CancellationToken token);
}
