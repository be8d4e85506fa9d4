namespace Platform.Cli.Servers;

/// <summary>Chooses how servers run on this machine.</summary>
internal static class ServerMachines
{
    /// <summary>What the folder's servers run on already; else Docker if it answers; else Debian if it can be.</summary>
    /// <exception cref="ServersException">Neither can be had; says why and what else there is.</exception>
    public static async Task<IServerMachine> ChooseAsync(ServerKitOptions options, ServerState state, CancellationToken token)
    {
        var kind = state.Servers.FirstOrDefault()?.Kind;
        if (kind == ServerKinds.Docker || (kind is null && await DockerMachine.AnswersAsync(token)))
            return new DockerMachine(options.Folder, options.PostgreSqlSettings);
        if (kind is null && DebianRoot.Obstacle() is { } obstacle)
        {
            throw new ServersException(
                $"Real servers need Docker (it does not answer) or root on Debian or Ubuntu ({obstacle}). " +
                "Start Docker, run this as root, or name servers of your own in ConnectionStrings__platform and ConnectionStrings__messaging.");
        }

        return new DebianMachine(new DebianRoot(options.Cache), options.Folder, options.PostgreSqlSettings);
    }

    /// <summary>Whether <see cref="ChooseAsync"/> would find a way for a new folder.</summary>
    public static async Task<bool> AreAvailableAsync(CancellationToken token) =>
        DebianRoot.Obstacle() is null || await DockerMachine.AnswersAsync(token);
}
