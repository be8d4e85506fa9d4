using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Exchanges shared patterns with the team server, project by project and page by page. The cursor is kept after every page, so that an exchange that
/// was cut off goes on where it stopped; sending or receiving a page again changes nothing.
/// </summary>
internal sealed class TeamSync(PatternStore store, SharedPatterns shared, TeamServer? team)
{
    private const int Page = 500;

    /// <exception cref="ArgumentException">No team server is set, or nothing is left to do.</exception>
    /// <exception cref="Grpc.Core.RpcException">The server does not answer, or refuses.</exception>
    public async Task<SyncReply> RunAsync(string tenant, SyncRequest request, CancellationToken token)
    {
        if (team is null)
            throw new ArgumentException("No team server is set. Set Patterns:Team to its gRPC address, such as http://memory.example.org:5081, and Patterns:TeamKey to a key of your team.");
        if (request.PushOnly && request.PullOnly)
            throw new ArgumentException("Fields 'push_only' and 'pull_only' leave nothing to do; give one of them, or none.");
        var reply = new SyncReply { Server = team.Address };
        reply.Projects.Add((await store.ScopesAsync(tenant, token)).Where(p => p.Shared != 0 && p.Simulated == 0).Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var project in request.PullOnly ? [] : reply.Projects.Where(p => !p.StartsWith(SharedPatterns.Prefix, StringComparison.Ordinal)))
            await PushAsync(tenant, project, reply, token);
        foreach (var project in request.PushOnly ? [] : await team.ProjectsAsync(token))
            await PullAsync(tenant, project, reply, token);
        return reply;
    }

    private Task PushAsync(string tenant, string project, SyncReply reply, CancellationToken token) => PagesAsync(tenant, $"push:{project}",
        after => shared.ReadAsync(tenant, new PullRequest { Project = project, After = after, Most = Page }, ownOnly: true, token),
        async page =>
        {
            var taken = await team!.PushAsync(page, token);
            reply.Pushed += taken.Added;
            reply.PushSkipped += taken.Known + taken.Refused;
        }, token);

    private Task PullAsync(string tenant, string project, SyncReply reply, CancellationToken token) => PagesAsync(tenant, $"pull:{project}",
        after => team!.PullAsync(project, after, Page, token),
        async page =>
        {
            var taken = await shared.TakeAsync(tenant, team!.Address, page, token);
            reply.Pulled += taken.Added;
            reply.PullSkipped += taken.Known + taken.Refused;
        }, token);

    private async Task PagesAsync(string tenant, string direction, Func<long, Task<List<SharedPattern>>> read, Func<List<SharedPattern>, Task> handle, CancellationToken token)
    {
        var about = new { tenant, server = team!.Address, direction };
        var cursor = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long?>("select cursor from sync_cursors where tenant = @tenant and server = @server and direction = @direction", about), token) ?? 0;
        while (await read(cursor) is { Count: > 0 } page)
        {
            await handle(page);
            if (page[^1].Cursor <= cursor)
                throw new InvalidDataException($"The team server {about.server} sent patterns with a cursor that does not rise ({page[^1].Cursor} after {cursor}).");
            cursor = page[^1].Cursor;
            await store.Database.WriteAsync(c => c.ExecuteAsync(
                """
                insert into sync_cursors (tenant, server, direction, cursor, at_ms) values (@tenant, @server, @direction, @cursor, @now)
                on conflict (tenant, server, direction) do update set cursor = excluded.cursor, at_ms = excluded.at_ms
                """, new { about.tenant, about.server, about.direction, cursor, now = store.Now }), token);
        }
    }
}
