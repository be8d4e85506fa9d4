using System.Data.Common;
using System.Globalization;
using Dapper;
using Platform.Storage;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Reads and writes the patterns of a tenant. Every statement names the tenant.</summary>
internal sealed class PatternStore(Database database, TimeProvider time, PatternsOptions options)
{
    internal const string Columns = """
        id as Id, number as Number, member as Member, project as Project, path as Path, start_line as StartLine, end_line as EndLine, language as Language, kind as Kind, name as Name,
        record as Record, doc as Doc, signature as Signature, space as Space, text as Text, content_hash as ContentHash, shape as Shape, tags as Tags, job_id as JobId, licence as Licence, simulated as Simulated,
        successes as Successes, failures as Failures, won as Won, lost as Lost, weighed_ms as WeighedMs, used_ms as UsedMs, created_ms as CreatedMs
        """;

    private static readonly string[] InsertColumns =
    [
        "tenant", "id", "number", "member", "project", "path", "start_line", "end_line", "language", "kind", "name", "record", "doc", "signature", "space", "text",
        "content_hash", "shape", "tags", "job_id", "licence", "simulated", "successes", "failures", "won", "lost", "weighed_ms", "used_ms", "created_ms",
    ];

    /// <summary>Most ids that one statement names.</summary>
    public const int MostAtOnce = 1000;

    public Database Database => database;

    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Patterns as a search needs them: banned ones are marked, evidence is faded to now.</summary>
    public Task<List<PatternRow>> ByNumbersAsync(string tenant, IReadOnlyList<long> numbers, CancellationToken token) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<PatternRow>(new CommandDefinition(
            $"select {Columns}, case when {Bans.Free} then 0 else 1 end as Banned from patterns p where tenant = @tenant and {database.Dialect.AnyOf("number", "@numbers")}",
            new { tenant, numbers = NumberList(database.Dialect, numbers) }, cancellationToken: token))).Select(Faded).ToList(), token);

    /// <summary>One pattern, banned or not; null when there is none of that id.</summary>
    public async Task<PatternRow?> ByIdAsync(string tenant, string id, CancellationToken token) =>
        await database.ReadAsync(connection => FindAsync(connection, tenant, id), token) is { } row ? Faded(row) : null;

    /// <summary>One pattern with its evidence as it was written.</summary>
    public static Task<PatternRow?> FindAsync(DbConnection connection, string tenant, string id) =>
        connection.QuerySingleOrDefaultAsync<PatternRow>($"select {Columns} from patterns where tenant = @tenant and id = @id", new { tenant, id });

    /// <summary>Numbers of patterns with at least so many successes.</summary>
    public Task<List<long>> SuccessfulAsync(string tenant, long least, CancellationToken token) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<long>(new CommandDefinition(
            "select number from patterns where tenant = @tenant and successes > 0 and successes >= @least", new { tenant, least }, cancellationToken: token))).ToList(), token);

    public Task<List<Project>> ProjectsAsync(string tenant, CancellationToken token) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<ProjectRow>(new CommandDefinition(
            """
            select name as Name, licence as Licence, shared as Shared, simulated as Simulated, indexed_ms as IndexedMs,
              (select count(*) from files f where f.tenant = p.tenant and f.project = p.name) as Files,
              (select count(*) from patterns x where x.tenant = p.tenant and x.project = p.name) as Patterns
            from projects p where tenant = @tenant order by name
            """, new { tenant }, cancellationToken: token))).Select(p => p.ToProject()).ToList(), token);

    /// <summary>Names of the projects with their two marks: cheap enough for every search.</summary>
    public Task<List<ProjectRow>> ScopesAsync(string tenant, CancellationToken token) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<ProjectRow>(new CommandDefinition(
            "select name as Name, shared as Shared, simulated as Simulated, licence as Licence from projects where tenant = @tenant", new { tenant }, cancellationToken: token))).ToList(), token);

    public Task<List<IndexedFile>> FilesAsync(string tenant, string project, CancellationToken token) =>
        database.ReadAsync(async connection => (await connection.QueryAsync<FileRow>(new CommandDefinition(
            "select path as Path, hash as Hash, root as Root from files where tenant = @tenant and project = @project order by path", new { tenant, project }, cancellationToken: token)))
            .Select(f => new IndexedFile { Path = f.Path, Hash = f.Hash, Root = f.Root }).ToList(), token);

    /// <summary>Identity of the tenant's store; empty before anything was written.</summary>
    public async Task<string> IdentityAsync(string tenant, CancellationToken token) =>
        await database.ReadAsync(c => c.ExecuteScalarAsync<string?>("select store from tenants where tenant = @tenant", new { tenant }), token) ?? "";

    /// <summary>Makes the tenant and the project of something learned known; what is known stays as it was set.</summary>
    public static async Task EnsureProjectAsync(DbConnection connection, string tenant, string project, bool simulated, string embedder, long now)
    {
        await EnsureTenantAsync(connection, tenant, embedder);
        await connection.ExecuteAsync(
            "insert into projects (tenant, name, licence, shared, simulated, created_ms, indexed_ms) values (@tenant, @project, '', 0, @simulated, @now, @now) on conflict (tenant, name) do nothing",
            new { tenant, project, simulated = simulated ? 1L : 0L, now });
    }

    /// <summary>The licence that a project states now; empty when it states none.</summary>
    public static async Task<string> LicenceAsync(DbConnection connection, string tenant, string project) =>
        await connection.ExecuteScalarAsync<string?>("select licence from projects where tenant = @tenant and name = @project", new { tenant, project }) ?? "";

    /// <summary>Makes the tenant and the project known. A licence given later replaces the earlier one; sharing is switched off by <c>share --off</c> only.</summary>
    public static async Task OpenProjectAsync(DbConnection connection, string tenant, IndexStart project, bool simulated, string embedder, long now)
    {
        await EnsureTenantAsync(connection, tenant, embedder);
        await connection.ExecuteAsync(
            """
            insert into projects (tenant, name, licence, shared, simulated, created_ms, indexed_ms) values (@tenant, @Project, @Licence, @shared, @simulated, @now, @now)
            on conflict (tenant, name) do update set indexed_ms = excluded.indexed_ms, shared = case when excluded.shared = 1 then 1 else projects.shared end,
              licence = case when excluded.licence = '' then projects.licence else excluded.licence end
            """,
            new { tenant, project.Project, project.Licence, shared = project.Shared ? 1L : 0L, simulated = simulated ? 1L : 0L, now });
    }

    /// <summary>Takes numbers from the tenant's counter; holds the tenant's row until the transaction ends, so numbers become visible in order.</summary>
    /// <returns>The first of them.</returns>
    public static async Task<long> TakeNumbersAsync(DbConnection connection, string tenant, long count) =>
        await connection.ExecuteScalarAsync<long>("update tenants set next_number = next_number + @count where tenant = @tenant returning next_number", new { tenant, count }) - count;

    /// <summary>Holds the tenant's row until the transaction ends, also of a tenant who had none.</summary>
    public static async Task HoldTenantAsync(DbConnection connection, string tenant, string embedder)
    {
        await EnsureTenantAsync(connection, tenant, embedder);
        await TakeNumbersAsync(connection, tenant, 0);
    }

    public static Task InsertAsync(DbConnection connection, string tenant, IEnumerable<PatternRow> rows, CancellationToken token) =>
        BulkRows.InsertAsync(connection, "patterns", InsertColumns, rows.Select(r => new object[]
        {
            tenant, r.Id, r.Number, r.Member, r.Project, r.Path, r.StartLine, r.EndLine, r.Language, r.Kind, r.Name, r.Record, r.Doc, r.Signature, r.Space, r.Text,
            r.ContentHash, r.Shape, r.Tags, r.JobId, r.Licence, r.Simulated, r.Successes, r.Failures, r.Won, r.Lost, r.WeighedMs, r.UsedMs, r.CreatedMs,
        }), token);

    private static Task EnsureTenantAsync(DbConnection connection, string tenant, string embedder) => connection.ExecuteAsync(
        "insert into tenants (tenant, next_number, trimmed, embedder, terms, store) values (@tenant, 1, 0, @embedder, @Identity, @store) on conflict (tenant) do nothing", new { tenant, embedder, TermCounter.Identity, store = Guid.NewGuid().ToString("n") });

    private PatternRow Faded(PatternRow row)
    {
        var left = Outcome.Fade(Now - row.WeighedMs, options.HalfLifeMs);
        (row.Won, row.Lost) = (row.Won * left, row.Lost * left);
        return row;
    }

    /// <summary>The parameter value of <see cref="Dialect.AnyOf"/> for a column of numbers.</summary>
    public static object NumberList(Dialect dialect, IEnumerable<long> numbers) =>
        dialect == Dialect.Sqlite ? $"[{string.Join(',', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture)))}]" : numbers.ToArray();
}

/// <summary>Row of table projects with its counts.</summary>
internal sealed class ProjectRow
{
    public string Name { get; set; } = "";

    public string Licence { get; set; } = "";

    public long Shared { get; set; }

    public long Simulated { get; set; }

    public long IndexedMs { get; set; }

    public long Files { get; set; }

    public long Patterns { get; set; }

    public Project ToProject() => new()
    {
        Name = Name,
        Licence = Licence,
        Shared = Shared != 0,
        Simulated = Simulated != 0,
        IndexedMs = IndexedMs,
        Files = Files,
        Patterns = Patterns,
    };
}

/// <summary>Row of table files.</summary>
internal sealed class FileRow
{
    public string Path { get; set; } = "";

    public string Hash { get; set; } = "";

    public string Root { get; set; } = "";
}
