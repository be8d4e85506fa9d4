using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Patterns on their way between two memories: only those of shared projects leave, and what comes is known by its content, so that the same pattern
/// twice is one. What came from outside stands in projects of its own, with its origin and licence, and is never sent on as this memory's own.
/// </summary>
internal sealed class SharedPatterns(PatternCatalog catalog, IPatternIndex index)
{
    /// <summary>Projects with patterns of other memories begin with this.</summary>
    public const string Prefix = "team/";

    /// <summary>Most patterns of one page.</summary>
    public const int MaxPage = 5_000;

    private const int DefaultPage = 500;
    private const int MaxName = 200;
    private const int MaxPath = 1_024;
    private const int MaxDoc = 20_000;
    private const int MaxFiles = 100;

    /// <summary>Patterns of shared projects after a cursor, oldest first; those with a secret stay here. Empty when there are no more.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="request">Project, cursor and page.</param>
    /// <param name="ownOnly">Only this memory's own, not what others shared with it.</param>
    /// <param name="token">Ends the call.</param>
    /// <exception cref="ArgumentException">The page is too large, or the cursor is negative.</exception>
    public async Task<List<SharedPattern>> ReadAsync(string tenant, PullRequest request, bool ownOnly, CancellationToken token) =>
        [.. (await ReadRowsAsync(tenant, request, ownOnly, token)).Select(r => r.ToShared())];

    /// <summary>The same with the ids that the patterns have here.</summary>
    internal async Task<List<SharedRow>> ReadRowsAsync(string tenant, PullRequest request, bool ownOnly, CancellationToken token)
    {
        if (request.Most is < 0 or > MaxPage || request.After < 0)
            throw new ArgumentException($"Fields 'most' and 'after' are {request.Most} and {request.After}; give 0 to {MaxPage} and a cursor of 0 or more.");
        for (var after = request.After; ;)
        {
            var page = await ReadPageAsync(tenant, request, after, ownOnly, token);
            var clean = page.Where(r => !r.HoldsSecret).ToList();
            if (clean.Count > 0 || page.Count == 0)
                return clean;
            after = page[^1].Number;
        }
    }

    private Task<List<SharedRow>> ReadPageAsync(string tenant, PullRequest request, long after, bool ownOnly, CancellationToken token) =>
        catalog.Store.Database.ReadAsync(async connection => (await connection.QueryAsync<SharedRow>(new CommandDefinition(
            $"""
            select p.number as Number, p.id as Id, p.content_hash as ContentHash, p.project as Project, coalesce(nullif(o.licence, ''), nullif(p.licence, ''), pr.licence) as Licence, o.server as Origin, p.path as Path, p.start_line as StartLine,
              p.end_line as EndLine, p.language as Language, p.kind as Kind, p.name as Name, p.doc as Doc, p.text as Text, p.signature as Signature, p.space as Space, r.files as Files, r.task as Task,
              r.tests_passed as TestsPassed, r.tests_trust as TestsTrust
            from patterns p join projects pr on pr.tenant = p.tenant and pr.name = p.project and pr.shared = 1 and pr.simulated = 0
              left join results r on r.tenant = p.tenant and r.pattern = p.id and r.rejected = 0
              left join origins o on o.tenant = p.tenant and o.pattern = p.id
            where p.tenant = @tenant and p.number > @after and p.simulated = 0 and p.kind <> '{PatternKinds.Failure}' and (@Project = '' or p.project = @Project) and (@ownOnly = 0 or o.pattern is null) and {Bans.Free}
            order by p.number limit @most
            """, new { tenant, after, request.Project, most = request.Most == 0 ? DefaultPage : request.Most, ownOnly = ownOnly ? 1L : 0L }, cancellationToken: token))).ToList(), token);

    /// <summary>Takes patterns in.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="from">Who sent them, when they do not say who shared them first.</param>
    /// <param name="patterns">The patterns.</param>
    /// <param name="token">Ends the call.</param>
    public async Task<PushReply> TakeAsync(string tenant, string from, IReadOnlyList<SharedPattern> patterns, CancellationToken token)
    {
        var good = patterns.Where(IsGood).DistinctBy(HashOf).ToList();
        // Only what is new is embedded: a project that is received again from its beginning costs no embedding server anything.
        var reply = new PushReply { Refused = patterns.Count(p => !IsGood(p)) };
        var unseen = await catalog.Store.Database.ReadAsync(c => UnseenAsync(c, tenant, good, reply), token);
        var made = await catalog.Embedder.EmbedAsync([.. unseen.Select(Prepare)], token);
        var results = unseen.Zip(made).Where(f => f.First.Files.Count > 0).ToDictionary(f => f.Second.Row.Id, f => ResultOf(f.First, f.Second.Row), StringComparer.Ordinal);
        await catalog.Store.Database.WriteAsync(async connection =>
        {
            var still = (await UnseenAsync(connection, tenant, unseen, reply)).ToHashSet<SharedPattern>(ReferenceEqualityComparer.Instance);
            foreach (var group in unseen.Zip(made).Where(f => still.Contains(f.First)).GroupBy(f => f.Second.Row.Project, StringComparer.Ordinal))
            {
                await OpenAsync(connection, tenant, group.Key);
                await catalog.Writer.AddAsync(connection, tenant, group.Key, [.. group.Select(g => g.Second)], token);
                foreach (var (pattern, prepared) in group)
                {
                    await NoteAsync(connection, tenant, from, pattern, prepared.Row);
                    if (results.TryGetValue(prepared.Row.Id, out var result))
                        await ResultRows.InsertAsync(connection, tenant, result, catalog.Now);
                }
            }

            reply.Added = still.Count;
        }, token);
        reply.Known = patterns.Count - reply.Refused - reply.Added;
        if (reply.Added > 0)
            await index.SyncAsync(tenant, token);
        return reply;
    }

    /// <summary>What a pattern is known by on both sides; the sender's own word for it is not trusted.</summary>
    internal static string HashOf(SharedPattern p) => PatternPreparer.HashOf(string.Join('\0', Bare(p.Project), p.Kind, p.Language, p.Path, p.Doc, p.Text));

    /// <summary>A project's name without the mark of other memories.</summary>
    internal static string Bare(string project) => project.StartsWith(Prefix, StringComparison.Ordinal) ? project[Prefix.Length..] : project;

    private bool IsGood(SharedPattern p) =>
        p.Project.Length is > 0 and <= MaxName && !p.Project.Any(char.IsControl) && p.Licence.Length <= MaxName && p.Origin.Length <= MaxName && p.Kind.Length is > 0 and <= 50 && p.Kind != PatternKinds.Failure
        && p.Language.Length <= 50 && p.Signature.Length <= MaxDoc && p.Space.Length <= MaxPath && p.TestsTrust.Length <= 50 && p.Path.Length <= MaxPath && p.Name.Length <= MaxPath && p.Doc.Length <= MaxDoc && p.Task.Length <= MaxDoc && p.Text.Length is > 0 && p.Text.Length <= catalog.Options.MaxResultCharacters
        && p.Files.Count <= MaxFiles && p.Files.Sum(f => (long)f.Text.Length) <= catalog.Options.MaxResultCharacters
        && TextDecoder.Clean(p.Text) == p.Text && SecretScan.Find(p.Text) is null && SecretScan.Find(p.Doc) is null && SecretScan.Find(p.Task) is null && p.Files.All(f => SecretScan.Find(f.Text) is null);

    private Draft Prepare(SharedPattern p)
    {
        var project = Prefix + Bare(p.Project);
        var chunk = Chunk.Of(new SourceText(p.Path, p.Language, p.Text), p.Kind, p.Name, "", 0, p.Text.Count(c => c == '\n'));
        var row = new PatternRow
        {
            Id = JobId.New(DateTimeOffset.FromUnixTimeMilliseconds(catalog.Now)),
            Project = project,
            Path = p.Path,
            StartLine = p.StartLine,
            EndLine = p.EndLine,
            Language = p.Language,
            Kind = p.Kind,
            Member = $"{p.Kind}:{p.Name}:{HashOf(p)[..16]}",
            Name = p.Name,
            Doc = TextDecoder.Clean(p.Doc),
            Signature = TextDecoder.Clean(p.Signature),
            Space = TextDecoder.Clean(p.Space),
            Text = p.Text,
            ContentHash = ContentHashOf(p),
            Shape = SimHash.Of(chunk.Body),
            Tags = string.Join(' ', Tagger.Tags(p.Path, chunk)),
            CreatedMs = catalog.Now,
        };
        return PatternPreparer.Again(catalog.Embedder, row);
    }

    /// <summary>What is neither known nor banned; what is banned is counted as refused.</summary>
    private static async Task<List<SharedPattern>> UnseenAsync(DbConnection connection, string tenant, IReadOnlyList<SharedPattern> patterns, PushReply reply)
    {
        var unseen = new List<SharedPattern>();
        foreach (var pattern in patterns)
        {
            if (await Bans.HoldsAsync(connection, tenant, pattern.Text))
                reply.Refused++;
            else if (!await IsKnownAsync(connection, tenant, pattern))
                unseen.Add(pattern);
        }

        return unseen;
    }

    /// <summary>Known from another exchange, or this memory's own.</summary>
    private static async Task<bool> IsKnownAsync(DbConnection connection, string tenant, SharedPattern pattern) =>
        await connection.ExecuteScalarAsync<long>(
            """
            select (select count(*) from origins where tenant = @tenant and hash = @hash)
              + (select count(*) from patterns where tenant = @tenant and project = @project and path = @Path and content_hash = @contentHash)
            """, new { tenant, hash = HashOf(pattern), project = Bare(pattern.Project), pattern.Path, contentHash = ContentHashOf(pattern) }) > 0;

    private static string ContentHashOf(SharedPattern p) => PatternPreparer.HashOf($"{TextDecoder.Clean(p.Doc)}\0{p.Text}");

    /// <summary>Without a licence: each of its patterns has its own, as several memories may share a project of one name.</summary>
    private Task OpenAsync(DbConnection connection, string tenant, string project) =>
        PatternStore.OpenProjectAsync(connection, tenant, new IndexStart { Project = project, Shared = true }, simulated: false, catalog.Embedder.Identity, catalog.Now);

    private Task NoteAsync(DbConnection connection, string tenant, string from, SharedPattern pattern, PatternRow row) =>
        connection.ExecuteAsync("insert into origins (tenant, pattern, hash, server, via, licence, project, at_ms) values (@tenant, @Id, @hash, @server, @from, @Licence, @project, @now)",
            new { tenant, row.Id, hash = HashOf(pattern), server = pattern.Origin.Length > 0 ? pattern.Origin : from, from, pattern.Licence, project = Bare(pattern.Project), now = catalog.Now });

    /// <summary>Without a fingerprint: it may be tried against a caller's tests, and is never replayed unseen.</summary>
    private static StoredResult ResultOf(SharedPattern pattern, PatternRow row) => new StoredResult
    {
        Pattern = row.Id,
        Project = row.Project,
        Language = row.Language,
        Task = TextDecoder.Clean(pattern.Task),
        Files = StoredResult.Pack(pattern.Files),
        TestsPassed = pattern.TestsPassed ? 1L : 0L,
        TestsTrust = pattern.TestsTrust,
    }.Sketched();
}
