using Dapper;
using Grpc.Core;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Exchanges shared patterns with the team server, project by project and page by page, and what became of those that were exchanged before. The cursor is kept after
/// every page, so that an exchange that was cut off goes on where it stopped; sending or receiving a page again changes nothing. A server whose store was made anew
/// is exchanged with from the beginning.
/// </summary>
internal sealed class TeamSync(PatternStore store, SharedPatterns shared, ExchangedPatterns exchanged, TeamServer? team)
{
    private const int Page = 500;
    private const int References = 5_000;

    /// <exception cref="ArgumentException">No team server is set, or nothing is left to do.</exception>
    /// <exception cref="RpcException">The server does not answer, or refuses.</exception>
    public async Task<SyncReply> RunAsync(string tenant, SyncRequest request, CancellationToken token)
    {
        if (team is null)
            throw new ArgumentException("No team server is set. Set Patterns:Team to its gRPC address, such as http://memory.example.org:5081, and Patterns:TeamKey to a key of your team.");
        if (request.PushOnly && request.PullOnly)
            throw new ArgumentException("Fields 'push_only' and 'pull_only' leave nothing to do; give one of them, or none.");
        var reply = new SyncReply { Server = team.Address };
        reply.Projects.Add((await store.ScopesAsync(tenant, token)).Where(p => p.Shared != 0 && p.Simulated == 0).Select(p => p.Name).Order(StringComparer.Ordinal));
        var there = await team.ProjectsAsync(token);
        foreach (var project in request.PullOnly ? [] : reply.Projects.Where(p => !p.StartsWith(SharedPatterns.Prefix, StringComparison.Ordinal)))
            await PushAsync(tenant, project, there.Store, reply, token);
        if (!request.PullOnly)
            reply.Withdrawn = await WithdrawAsync(tenant, token);
        if (!request.PushOnly)
            await LiftAsync(tenant, there.Store, reply, token);
        foreach (var project in request.PushOnly ? [] : there.Projects)
            await PullAsync(tenant, project, there.Store, reply, token);
        if (!request.PushOnly)
            await FollowAsync(tenant, there.Store, reply, token);
        return reply;
    }

    private Task PushAsync(string tenant, string project, string thereStore, SyncReply reply, CancellationToken token) => PagesAsync(tenant, $"push:{project}", thereStore,
        async after => await shared.ReadRowsAsync(tenant, new PullRequest { Project = project, After = after, Most = Page }, ownOnly: true, token),
        async page =>
        {
            var sent = page.Select(row => (Row: row, Shared: row.ToShared())).ToList();
            var taken = await team!.PushAsync(sent.Select(s => s.Shared), token);
            await exchanged.NoteSentAsync(tenant, team.Address, [.. sent.Select(s => (s.Row, s.Shared.Hash))], token);
            reply.Pushed += taken.Added;
            reply.PushSkipped += taken.Known + taken.Refused;
        }, static row => row.Number, token);

    private Task PullAsync(string tenant, string project, string thereStore, SyncReply reply, CancellationToken token) => PagesAsync(tenant, $"pull:{project}", thereStore,
        after => team!.PullAsync(project, after, Page, token),
        async page =>
        {
            var taken = await shared.TakeAsync(tenant, team!.Address, page, token);
            reply.Pulled += taken.Added;
            reply.PullSkipped += taken.Known + taken.Refused;
        }, static pattern => pattern.Cursor, token);

    /// <summary>Takes back there what is gone, banned or shared no more here.</summary>
    private async Task<long> WithdrawAsync(string tenant, CancellationToken token)
    {
        var withdrawn = 0L;
        while (await exchanged.LostAsync(tenant, team!.Address, References, token) is { Count: > 0 } lost)
        {
            if (await team.WithdrawAsync(lost, token) is not { } removed)
                break;
            withdrawn += removed;
            await exchanged.DropSentAsync(tenant, team.Address, lost.Select(l => l.Hash), token);
        }

        return withdrawn;
    }

    /// <summary>Removes here what is gone there.</summary>
    private async Task FollowAsync(string tenant, string thereStore, SyncReply reply, CancellationToken token)
    {
        for (var after = ""; await exchanged.PulledAsync(tenant, team!.Address, after, References, token) is { Count: > 0 } pulled;)
        {
            after = pulled[^1].Hash;
            if (await team.CompareAsync(pulled, token) is not { } fate)
                break;
            reply.Banned += fate.Banned.Count;
            reply.Removed += await exchanged.FollowAsync(tenant, team.Address, thereStore, fate, token);
        }
    }

    /// <summary>Lifts here what was banned with the server's store and is not banned there any more. A store that was made anew knows of no ban: it lifts none.</summary>
    private async Task LiftAsync(string tenant, string thereStore, SyncReply reply, CancellationToken token)
    {
        reply.BansKept = await exchanged.KeptAsync(tenant, team!.Address, thereStore, token);
        for (var after = ""; await exchanged.BannedAsync(tenant, thereStore, after, References, token) is { Count: > 0 } banned;)
        {
            after = banned[^1].Hash;
            if (await team.CompareAsync(banned, token) is not { } fate)
                break;
            var still = fate.Banned.ToHashSet(StringComparer.Ordinal);
            var lifted = banned.Where(b => !still.Contains(b.Hash)).ToList();
            await exchanged.LiftAsync(tenant, team.Address, thereStore, lifted, token);
            reply.Lifted += lifted.Count;
        }
    }

    private async Task PagesAsync<T>(string tenant, string direction, string thereStore, Func<long, Task<List<T>>> read, Func<List<T>, Task> handle, Func<T, long> cursorOf, CancellationToken token)
    {
        var about = new { tenant, server = team!.Address, direction };
        var known = await store.Database.ReadAsync(c => c.QueryFirstOrDefaultAsync<(long Cursor, string Store)>("select cursor, store from sync_cursors where tenant = @tenant and server = @server and direction = @direction", about), token);
        var cursor = string.IsNullOrEmpty(known.Store) || thereStore.Length == 0 || known.Store == thereStore ? known.Cursor : 0;
        while (await read(cursor) is { Count: > 0 } page)
        {
            await handle(page);
            if (cursorOf(page[^1]) <= cursor)
                throw new InvalidDataException($"The team server {about.server} sent patterns with a cursor that does not rise ({cursorOf(page[^1])} after {cursor}).");
            cursor = cursorOf(page[^1]);
            await store.Database.WriteAsync(c => c.ExecuteAsync(
                """
                insert into sync_cursors (tenant, server, direction, cursor, store, at_ms) values (@tenant, @server, @direction, @cursor, @thereStore, @now)
                on conflict (tenant, server, direction) do update set cursor = excluded.cursor, store = excluded.store, at_ms = excluded.at_ms
                """, new { about.tenant, about.server, about.direction, cursor, thereStore, now = store.Now }), token);
        }
    }
}
