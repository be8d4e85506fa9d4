using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Learns from closed jobs. The event's id is recorded in the transaction of its effect, so that a message that arrives
/// again changes nothing.
/// </summary>
internal sealed class JobLearning(PatternCatalog catalog, WriteGate gate, EditLearning edits, IPatternIndex index)
{
    private const int MaxTask = 4_000;
    private readonly PatternStore _store = catalog.Store;

    /// <summary>Takes in a closed job.</summary>
    /// <returns>Whether anything changed; false for a job that is known.</returns>
    public async Task<bool> LearnAsync(string tenant, Job job, CancellationToken token)
    {
        if (job.Request is null || job.Request.Kind is not ("" or JobKinds.Code))
            return false;
        var lessons = await PrepareAsync(tenant, job, token);
        var changed = await _store.Database.WriteAsync(async connection =>
        {
            if (!await FirstTimeAsync(connection, tenant, $"job:{job.Id}", catalog.Now))
                return false;
            // Feedback that comes at the same time waits here, or has been waited for: one of the two sees the other. So does whoever learns the same elsewhere.
            await PatternStore.HoldTenantAsync(connection, tenant, catalog.Embedder.Identity);
            if (await FixMemory.WriteAsync(connection, tenant, job, catalog.Now) > 0)
            {
                await PatternStore.EnsureProjectAsync(connection, tenant, ProjectOf(job), ProjectOf(job) == SearchScope.SimulatedProject, catalog.Embedder.Identity, catalog.Now);
                await FixLimits.KeepAsync(connection, tenant, catalog.Options.MaxFixes);
            }

            foreach (var lesson in lessons)
                await WriteAsync(connection, tenant, job, lesson, token);
            if (lessons.Count > 0)
                await SegmentMerge.RunTiersAsync(connection, tenant, ProjectOf(job), token);
            await RecordOutcomeAsync(connection, tenant, job, await UseLedger.WriteAsync(connection, tenant, job, catalog.Now, catalog.Options.HalfLifeMs));
            await FeedbackLearning.CountWaitingAsync(connection, catalog, tenant, job.Id);
            return true;
        }, token);
        // Also for a job that comes again: whoever learned from it first may have ended before the edit.
        var edited = await edits.LearnWaitingAsync(tenant, job.Id, token);
        if (edited || (changed && lessons.Count > 0))
        {
            await index.SyncAsync(tenant, token);
            await catalog.EvictAsync(token);
        }

        return changed;
    }

    /// <summary>Notes an event; false when it was there.</summary>
    internal static async Task<bool> FirstTimeAsync(DbConnection connection, string tenant, string id, long now) =>
        await connection.ExecuteAsync("insert into handled (tenant, event, at_ms) values (@tenant, @id, @now) on conflict (tenant, event) do nothing", new { tenant, id, now }) == 1;

    /// <summary>Project a job's patterns go to: what a simulator wrote never mixes with the rest.</summary>
    internal static string ProjectOf(Job job) =>
        job.Simulated || job.Result?.Simulated == true ? SearchScope.SimulatedProject : job.Request.Project.Length == 0 ? SearchScope.DefaultProject : job.Request.Project;

    /// <summary>Everything that needs the embedder, or looks into code, happens before the transaction.</summary>
    private async Task<List<Lesson>> PrepareAsync(string tenant, Job job, CancellationToken token)
    {
        var project = ProjectOf(job);
        var preparer = new PatternPreparer(catalog.Embedder, project, project == SearchScope.SimulatedProject, catalog.Now);
        var language = Languages.Normalise(job.Request.Language);
        var task = job.Request.Task.Length > MaxTask ? job.Request.Task[..MaxTask] : job.Request.Task;
        var drafts = new List<(Draft Draft, bool IsResult)>();
        if (gate.Consider(job).Open)
        {
            var code = TextDecoder.Clean(string.Join("\n\n", WriteGate.FilesOf(job).Select(f => f.Text)));
            var chunk = Chunker.Whole(language, code, TextDecoder.Clean(task)) with { Kind = PatternKinds.Result };
            drafts.Add((preparer.Prepare($"results/{job.Id}", language, [chunk], jobId: job.Id, imports: Imports.Of(language, code))[0], true));
        }

        foreach (var failed in (job.Result ?? job.Failure?.Partial)?.Attempts.Where(a => a.Error.Length > 0 && WriteGate.MayTell(job, a.Error)).DistinctBy(a => ErrorSignature.Of("", a.Error)) ?? [])
        {
            var signature = ErrorSignature.Of(ErrorSignature.CodeOf(failed.Error), failed.Error);
            var chunk = new Chunk(PatternKinds.Failure, signature, "", TextDecoder.Clean(task), TextDecoder.Clean(failed.Error), 1, 1);
            drafts.Add((preparer.Prepare($"failures/{job.Id}", language, [chunk], jobId: job.Id)[0], false));
        }

        var patterns = await catalog.Embedder.EmbedAsync([.. drafts.Select(d => d.Draft)], token);
        var lessons = new List<Lesson>();
        foreach (var (pattern, isResult) in patterns.Zip(drafts.Select(d => d.IsResult)))
        {
            var result = isResult ? ResultOf(job, pattern.Row) : null;
            lessons.Add(new Lesson(pattern, result, result is null ? null : await _store.Database.ReadAsync(c => NearResults.ReadAsync(c, _store.Database.Dialect, tenant, result), token)));
        }

        return lessons;
    }

    private async Task WriteAsync(DbConnection connection, string tenant, Job job, Lesson lesson, CancellationToken token)
    {
        var row = lesson.Pattern.Row;
        if (await Bans.HoldsAsync(connection, tenant, row.Text))
            return;
        await PatternStore.EnsureProjectAsync(connection, tenant, row.Project, row.Simulated != 0, catalog.Embedder.Identity, catalog.Now);
        var (evidence, result) = (lesson.Result is null ? new Evidence(0, 1) : Evidence.Of(job), lesson.Result);
        if (await KnownAsync(connection, tenant, lesson) is { } known)
        {
            await evidence.AddAsync(connection, tenant, "id = @pattern", job.Id, known, catalog.Now, catalog.Options.HalfLifeMs);
            if (result is null)
                return;
            await UseLedger.NoteAsync(connection, tenant, job, known, UseRoles.Merged, 1, result.Fingerprint, catalog.Now);
            await ResultRows.AddVariantAsync(connection, tenant, result, known, catalog.Now);
            return;
        }

        row.Licence = await PatternStore.LicenceAsync(connection, tenant, row.Project);
        (row.Successes, row.Failures) = result is null ? (0, 1) : (1, 0);
        (row.Won, row.Lost, row.WeighedMs) = (evidence.Won, evidence.Lost, catalog.Now);
        await catalog.Writer.AddAsync(connection, tenant, row.Project, [lesson.Pattern], token);
        if (result is not null)
            await ResultRows.InsertAsync(connection, tenant, result, catalog.Now);
    }

    /// <summary>What holds the same already: the same text for the same task, or a result with nearly the same code, however its task was put.</summary>
    private static async Task<string?> KnownAsync(DbConnection connection, string tenant, Lesson lesson) =>
        await connection.ExecuteScalarAsync<string?>(
            "select id from patterns where tenant = @tenant and project = @Project and kind = @Kind and content_hash = @ContentHash limit 1", new { tenant, lesson.Pattern.Row.Project, lesson.Pattern.Row.Kind, lesson.Pattern.Row.ContentHash })
        ?? (lesson.Near is null ? null : await lesson.Near.FirstAsync(connection, tenant, lesson.Result!));

    private static StoredResult ResultOf(Job job, PatternRow row) => new()
    {
        Pattern = row.Id,
        Fingerprint = TaskFingerprint.Of(job.Request),
        Project = row.Project,
        Language = row.Language,
        Task = TextDecoder.Clean(job.Request.Task),
        Files = StoredResult.Pack(WriteGate.FilesOf(job).Select(Cleaned)),
        TestsPassed = job.Request.Tests.Count > 0 ? 1L : 0L,
        TestsTrust = TrustOf(job),
        Simulated = row.Simulated,
        JobId = job.Id,
    };

    /// <summary>Who wrote the tests that it passed. Tests that came with the request are the caller's; others are known from the result alone.</summary>
    private static string TrustOf(Job job) => job.Result.TestsTrust.Length > 0 ? job.Result.TestsTrust : job.Request.Tests.Count > 0 ? "caller" : "none";

    /// <summary>A cancelled job says nothing.</summary>
    private async Task RecordOutcomeAsync(DbConnection connection, string tenant, Job job, bool reused)
    {
        if (job.State == JobStates.Cancelled)
            return;
        var recall = await connection.QuerySingleOrDefaultAsync<RecallRow>("select found as Found, withheld as Withheld from recalls where tenant = @tenant and job_id = @Id", new { tenant, job.Id });
        await connection.ExecuteAsync(
            """
            insert into outcomes (tenant, job_id, project, succeeded, patterns, withheld, simulated, found, reused, at_ms)
            values (@tenant, @Id, @project, @succeeded, @patterns, @withheld, @simulated, @found, @reused, @now)
            on conflict (tenant, job_id) do nothing
            """,
            new
            {
                tenant,
                job.Id,
                project = ProjectOf(job),
                succeeded = job.State == JobStates.Succeeded ? 1L : 0L,
                patterns = (long)(job.Result?.Patterns.Count ?? 0),
                withheld = recall?.Withheld ?? 0,
                found = recall?.Found ?? -1,
                reused = reused ? 1L : 0L,
                simulated = ProjectOf(job) == SearchScope.SimulatedProject ? 1L : 0L,
                now = catalog.Now,
            });
    }

    private static SourceFile Cleaned(SourceFile file) => new() { Path = TextDecoder.Clean(file.Path), Language = file.Language, Text = TextDecoder.Clean(file.Text) };

    private sealed class RecallRow
    {
        public long Found { get; set; }

        public long Withheld { get; set; }
    }

    /// <summary>A pattern to learn; a result with what it is replayed by, and with results that are nearly the same. A failure has neither.</summary>
    private sealed record Lesson(PreparedPattern Pattern, StoredResult? Result, NearResults? Near);
}
