using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Learns from closed jobs. The event's id is recorded in the transaction of its effect, so that a message that arrives
/// again changes nothing.
/// </summary>
internal sealed class JobLearning(PatternCatalog catalog, WriteGate gate, IPatternIndex index)
{
    private const int MaxTask = 4_000;
    private readonly PatternStore _store = catalog.Store;

    /// <summary>Takes in a closed job.</summary>
    /// <returns>Whether anything changed; false for a job that is known.</returns>
    public async Task<bool> LearnAsync(string tenant, Job job, CancellationToken token)
    {
        if (job.Request is null || job.Request.Kind is not ("" or JobKinds.Code))
            return false;
        var lessons = await PrepareAsync(job, token);
        var changed = await _store.Database.WriteAsync(async connection =>
        {
            if (!await FirstTimeAsync(connection, tenant, $"job:{job.Id}"))
                return false;
            await RecordOutcomeAsync(connection, tenant, job);
            await RecordUsesAsync(connection, tenant, job);
            await FixMemory.WriteAsync(connection, tenant, job, catalog.Now);
            foreach (var lesson in lessons)
                await WriteAsync(connection, tenant, job, lesson, token);
            if (lessons.Count > 0)
                await SegmentMerge.RunTiersAsync(connection, tenant, ProjectOf(job), token);
            return true;
        }, token);
        if (changed && lessons.Count > 0)
            await index.SyncAsync(tenant, token);
        return changed;
    }

    /// <summary>Notes an event; false when it was there.</summary>
    internal async Task<bool> FirstTimeAsync(DbConnection connection, string tenant, string id) =>
        await connection.ExecuteAsync("insert into handled (tenant, event, at_ms) values (@tenant, @id, @now) on conflict (tenant, event) do nothing", new { tenant, id, now = catalog.Now }) == 1;

    /// <summary>Project a job's patterns go to: what a simulator wrote never mixes with the rest.</summary>
    internal static string ProjectOf(Job job) =>
        job.Simulated || job.Result?.Simulated == true ? SearchScope.SimulatedProject : job.Request.Project.Length == 0 ? SearchScope.DefaultProject : job.Request.Project;

    /// <summary>Everything that needs the embedder happens before the transaction.</summary>
    private async Task<List<Lesson>> PrepareAsync(Job job, CancellationToken token)
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
            drafts.Add((preparer.Prepare($"results/{job.Id}", language, [chunk], jobId: job.Id)[0], true));
        }

        foreach (var failed in (job.Result ?? job.Failure?.Partial)?.Attempts.Where(a => a.Error.Length > 0).DistinctBy(a => ErrorSignature.Of("", a.Error)) ?? [])
        {
            var signature = ErrorSignature.Of(ErrorSignature.CodeOf(failed.Error), failed.Error);
            var chunk = new Chunk(PatternKinds.Failure, signature, "", TextDecoder.Clean(task), TextDecoder.Clean(failed.Error), 1, 1);
            drafts.Add((preparer.Prepare($"failures/{job.Id}", language, [chunk], jobId: job.Id)[0], false));
        }

        var patterns = await catalog.Embedder.EmbedAsync([.. drafts.Select(d => d.Draft)], token);
        return [.. drafts.Select((d, i) => new Lesson(patterns[i], d.IsResult))];
    }

    private async Task WriteAsync(DbConnection connection, string tenant, Job job, Lesson lesson, CancellationToken token)
    {
        var row = lesson.Pattern.Row;
        await PatternStore.OpenProjectAsync(connection, tenant, new IndexStart { Project = row.Project }, row.Simulated != 0, catalog.Embedder.Identity, catalog.Now);
        var known = await connection.ExecuteScalarAsync<string?>(
            "select id from patterns where tenant = @tenant and project = @Project and kind = @Kind and content_hash = @ContentHash limit 1",
            new { tenant, row.Project, row.Kind, row.ContentHash });
        if (known is not null)
        {
            await connection.ExecuteAsync($"update patterns set {(lesson.IsResult ? "successes = successes + 1" : "failures = failures + 1")}, used_ms = @now where tenant = @tenant and id = @known", new { tenant, known, now = catalog.Now });
            return;
        }

        (row.Successes, row.Failures) = lesson.IsResult ? (1, 0) : (0, 1);
        await catalog.Writer.AddAsync(connection, tenant, row.Project, [lesson.Pattern], token);
        if (lesson.IsResult)
            await WriteResultAsync(connection, tenant, job, row);
    }

    private Task WriteResultAsync(DbConnection connection, string tenant, Job job, PatternRow row) => connection.ExecuteAsync(
        """
        insert into results (tenant, pattern, fingerprint, project, language, task, files, tests_passed, simulated, rejected, job_id, created_ms)
        values (@tenant, @Id, @fingerprint, @Project, @Language, @task, @files, @tests, @Simulated, 0, @job, @now)
        """,
        new
        {
            tenant,
            row.Id,
            fingerprint = TaskFingerprint.Of(job.Request),
            row.Project,
            row.Language,
            task = TextDecoder.Clean(job.Request.Task),
            files = StoredResult.Pack(WriteGate.FilesOf(job).Select(Cleaned)),
            tests = job.Request.Tests.Count > 0 ? 1L : 0L,
            row.Simulated,
            job = job.Id,
            now = catalog.Now,
        });

    private async Task RecordOutcomeAsync(DbConnection connection, string tenant, Job job)
    {
        var withheld = await connection.ExecuteScalarAsync<long?>("select withheld from recalls where tenant = @tenant and job_id = @Id", new { tenant, job.Id }) ?? 0;
        await connection.ExecuteAsync(
            """
            insert into outcomes (tenant, job_id, project, succeeded, patterns, withheld, simulated, at_ms) values (@tenant, @Id, @project, @succeeded, @patterns, @withheld, @simulated, @now)
            on conflict (tenant, job_id) do nothing
            """,
            new
            {
                tenant,
                job.Id,
                project = ProjectOf(job),
                succeeded = job.State == JobStates.Succeeded ? 1L : 0L,
                patterns = (long)(job.Result?.Patterns.Count ?? 0),
                withheld,
                simulated = ProjectOf(job) == SearchScope.SimulatedProject ? 1L : 0L,
                now = catalog.Now,
            });
    }

    /// <summary>Counts the outcome on every pattern of the prompt; a cancelled job says nothing of them.</summary>
    private async Task RecordUsesAsync(DbConnection connection, string tenant, Job job)
    {
        if (job.State == JobStates.Cancelled)
            return;
        var succeeded = job.State == JobStates.Succeeded;
        foreach (var pattern in (job.Result ?? job.Failure?.Partial)?.Patterns.DistinctBy(p => p.Id) ?? [])
        {
            await connection.ExecuteAsync("insert into uses (tenant, job_id, pattern, outcome, at_ms) values (@tenant, @job, @Id, @state, @now) on conflict (tenant, job_id, pattern) do nothing",
                new { tenant, job = job.Id, pattern.Id, state = job.State, now = catalog.Now });
            await connection.ExecuteAsync($"update patterns set {(succeeded ? "successes = successes + 1" : "failures = failures + 1")}, used_ms = @now where tenant = @tenant and id = @Id",
                new { tenant, pattern.Id, now = catalog.Now });
        }
    }

    private static SourceFile Cleaned(SourceFile file) => new() { Path = TextDecoder.Clean(file.Path), Language = file.Language, Text = TextDecoder.Clean(file.Text) };

    private sealed record Lesson(PreparedPattern Pattern, bool IsResult);
}
