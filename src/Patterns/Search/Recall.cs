using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>What a worker needs before a generation: a replay, something to try, examples within a budget, known failures.</summary>
internal sealed class Recall(PatternCatalog catalog, HybridSearch search, SearchScope scope, ProjectProfiles profiles, TeamServer? team)
{
    private const int DefaultTop = 5;
    private const int MaxTop = 50;
    private const int DefaultCharacters = 16_000;
    private const int MaxTask = 256 * 1024;
    private const int CloseCandidates = 5;
    private const int MostFailures = 3;

    /// <exception cref="ArgumentException">The task is empty or too long, or <c>top</c> is out of range.</exception>
    public async Task<RecallReply> RunAsync(string tenant, RecallRequest request, CancellationToken token)
    {
        var started = catalog.Time.GetTimestamp();
        if (string.IsNullOrWhiteSpace(request.Task) || request.Task.Length > MaxTask)
            throw new ArgumentException($"Field 'task' has {request.Task.Length} characters; give 1 to {MaxTask}, not only white space.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        await catalog.RefuseOthersAsync(tenant, token);
        var reply = new RecallReply { Withheld = IsWithheld(request) };
        // What is withheld is looked for all the same: lift compares jobs for which memory had something.
        var known = reply.Withheld ? new RecallReply() : reply;
        var others = team is null || request.ReplayOnly || request.SharedOnly || request.Simulated || request.AboutSubject ? Task.FromResult<RecallReply?>(null) : team.RecallAsync(request, token);
        await FillAsync(tenant, request, known, token);
        AddOthers(request, known, await others);
        reply.Found = known.Examples.Count + (known.Exact is null ? 0 : 1) + (known.Close is null ? 0 : 1);
        if (request.JobId.Length > 0 && !request.ReplayOnly)
            await NoteAsync(tenant, request, reply, token);
        reply.Ms = catalog.Time.GetElapsedTime(started).TotalMilliseconds;
        return reply;
    }

    private async Task FillAsync(string tenant, RecallRequest request, RecallReply reply, CancellationToken token)
    {
        reply.Exact = request.SharedOnly ? null : await ExactAsync(tenant, request, token);
        var filter = request.SharedOnly ? await scope.OfOthersAsync(tenant, token) : await scope.OfGenerationAsync(tenant, request.Project, request.Simulated, token);
        filter = filter with { Language = request.Language.Length == 0 ? "" : Languages.Normalise(request.Language) };
        var wantsClose = reply.Exact is null && request.WithTests;
        if (request.ReplayOnly && !wantsClose)
            return;
        using var question = await search.AskAsync(filter, request.Task, [PatternKinds.Result, PatternKinds.Failure], token);
        if (wantsClose && question.Vector is not null)
            reply.Close = await CloseAsync(question, filter, request, token);
        if (request.ReplayOnly)
            return;
        await AddExamplesAsync(question, filter, request, reply, token);
        await Provenance.AddAsync(catalog.Store, tenant, reply.Examples, token);
        await AddFailuresAsync(question, filter, request, reply, token);
    }

    private async Task<VerifiedResult?> ExactAsync(string tenant, RecallRequest request, CancellationToken token)
    {
        if (request.Fingerprint.Length == 0)
            return null;
        var row = await catalog.Store.Database.ReadAsync(c => c.QueryFirstOrDefaultAsync<StoredResult>(new CommandDefinition(
            $"""
            select {StoredResult.Columns} from replays r where tenant = @tenant and fingerprint = @Fingerprint and rejected = 0 and (simulated = 0 or @simulated = 1)
              and not exists (select 1 from bans b where b.tenant = r.tenant and b.target = r.pattern)
            order by simulated, case when exists (select 1 from patterns p where p.tenant = r.tenant and p.id = r.pattern and substr(p.path, 1, {Correction.Folder.Length}) = '{Correction.Folder}') then 0 else 1 end,
              tests_passed desc, created_ms desc limit 1
            """,
            new { tenant, request.Fingerprint, simulated = request.Simulated ? 1L : 0L }, cancellationToken: token)), token);
        return row?.ToResult(1);
    }

    /// <summary>The nearest verified result of the tenant, when its task is near enough to be tried against the caller's tests.</summary>
    private async Task<VerifiedResult?> CloseAsync(Question question, PatternFilter filter, RecallRequest request, CancellationToken token)
    {
        var found = await search.RankAsync(question, filter with { Kind = PatternKinds.Result }, CloseCandidates, token);
        if (found.Count == 0)
            return null;
        var rows = await catalog.Store.Database.ReadAsync(c => c.QueryAsync<StoredResult>(new CommandDefinition(
            $"select {StoredResult.Columns} from results where tenant = @Tenant and rejected = 0 and {catalog.Store.Database.Dialect.AnyOf("pattern", "@ids")}",
            new { filter.Tenant, ids = catalog.Store.Database.Dialect.List(found.Select(f => f.Row.Id)) }, cancellationToken: token)), token);
        var results = rows.ToList();
        if (await catalog.Embedder.OfQueriesAsync([.. results.Select(r => r.Task)], token) is not { } vectors)
            return null;
        var best = results.Select((r, i) => (Row: r, Similarity: (double)TensorPrimitives.Dot<float>(question.Vector, vectors[i])))
            .OrderByDescending(r => r.Similarity).FirstOrDefault();
        return best.Row is not null && best.Similarity >= catalog.Options.CloseSimilarity ? best.Row.ToResult(Math.Min(1, best.Similarity)) : null;
    }

    /// <summary>Whole examples only: half a function teaches the wrong thing.</summary>
    private async Task AddExamplesAsync(Question question, PatternFilter filter, RecallRequest request, RecallReply reply, CancellationToken token)
    {
        var budget = request.MaxCharacters <= 0 ? DefaultCharacters : request.MaxCharacters;
        var top = request.Top == 0 ? DefaultTop : request.Top;
        var ranked = await search.RankAsync(question, filter, top * 2, token);
        var near = new Neighbourhood(request, await profiles.SimilaritiesAsync(filter.Tenant, request.Project, ranked.Select(f => f.Row.Project), TimeSpan.FromMilliseconds(catalog.Options.ProfileMs), token));
        foreach (var found in near.Order(ranked))
        {
            if (reply.Examples.Count == top)
                break;
            if (found.Row.Text.Length > budget || (request.SharedOnly && (SecretScan.Find(found.Row.Text) ?? SecretScan.Find(found.Row.Doc)) is not null))
                continue;
            budget -= found.Row.Text.Length;
            reply.Examples.Add(near.Explain(found.ToHit(explain: false, withText: true), found));
        }
    }

    /// <summary>Local first: what the team knows fills the places that this memory left free.</summary>
    private void AddOthers(RecallRequest request, RecallReply reply, RecallReply? others)
    {
        var left = (request.MaxCharacters <= 0 ? DefaultCharacters : request.MaxCharacters) - reply.Examples.Sum(e => e.Text.Length);
        var seen = reply.Examples.Select(e => e.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var hit in others?.Examples ?? [])
        {
            if (reply.Examples.Count >= (request.Top == 0 ? DefaultTop : request.Top))
                return;
            if (hit.Simulated || hit.Text.Length == 0 || hit.Text.Length > left || !seen.Add(hit.Text))
                continue;
            left -= hit.Text.Length;
            hit.Origin = hit.Origin.Length > 0 ? hit.Origin : team!.Address;
            reply.Examples.Add(hit);
        }
    }

    private async Task AddFailuresAsync(Question question, PatternFilter filter, RecallRequest request, RecallReply reply, CancellationToken token)
    {
        var found = await search.RankAsync(question, filter with { Kind = PatternKinds.Failure }, MostFailures * 2, token);
        if (found.Count == 0 || question.Vector is null || await catalog.Embedder.OfQueriesAsync([.. found.Select(f => f.Row.Doc)], token) is not { } vectors)
            return;
        for (var i = 0; i < found.Count && reply.Failures.Count < MostFailures; i++)
        {
            if (TensorPrimitives.Dot<float>(question.Vector, vectors[i]) >= catalog.Options.FailureSimilarity)
                reply.Failures.Add($"A similar task failed before with: {found[i].Row.Text}");
        }
    }

    /// <summary>A random but repeatable share of jobs gets no memory, so that its lift can be measured. Simulated runs prove nothing and are left alone.</summary>
    private bool IsWithheld(RecallRequest request) =>
        request.JobId.Length > 0 && !request.ReplayOnly && !request.Simulated
        && BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(request.JobId)).AsSpan(0, 4)) < catalog.Options.WithheldShare * uint.MaxValue;

    private Task NoteAsync(string tenant, RecallRequest request, RecallReply reply, CancellationToken token) => catalog.Store.Database.WriteAsync(c => c.ExecuteAsync(
        "insert into recalls (tenant, job_id, project, found, withheld, at_ms) values (@tenant, @JobId, @Project, @found, @withheld, @now) on conflict (tenant, job_id) do nothing",
        new
        {
            tenant,
            request.JobId,
            request.Project,
            found = (long)reply.Found,
            withheld = reply.Withheld ? 1L : 0L,
            now = catalog.Now,
        }), token);
}
