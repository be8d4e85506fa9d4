using System.Data.Common;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Edits that answered errors, with how often they worked. They are told to their own project, and to others when that is shared.</summary>
internal sealed class FixMemory(PatternStore store)
{
    private const int DefaultTop = 3;
    private const int MaxTop = 50;
    private const int Candidates = 200;

    /// <summary>
    /// Edits for an error: the same signature first, then the same shape of syntax, then the same code; what worked more often goes first. What failed
    /// more often than it worked is not proposed again, and named, so that nobody tries it again.
    /// </summary>
    /// <exception cref="ArgumentException">The error has neither code nor message, or <c>top</c> is out of range.</exception>
    public async Task<FindFixesReply> FindAsync(string tenant, FindFixesRequest request, CancellationToken token)
    {
        if (request.Code.Length + request.Message.Length == 0)
            throw new ArgumentException("Fields 'code' and 'message' are empty; give at least one of them.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        var code = request.Code.Length > 0 ? request.Code : ErrorSignature.CodeOf(request.Message);
        var signature = ErrorSignature.Of(code, request.Message);
        var rows = await store.Database.ReadAsync(async connection => (await connection.QueryAsync<FixRow>(new CommandDefinition(
            """
            select id as Id, project as Project, signature as Signature, shape as Shape, before_line as BeforeLine, after_line as AfterLine, explanation as Explanation, successes as Successes, failures as Failures
            from fixes where tenant = @tenant and language = @language and (signature = @signature or (code = @code and code <> '')) and simulated = 0
              and not exists (select 1 from bans b where b.tenant = fixes.tenant and b.target = fixes.id)
              and (@Project = '' or project = @Project or exists (select 1 from projects p where p.tenant = fixes.tenant and p.name = fixes.project and p.shared = 1))
            order by case when signature = @signature then 0 else 1 end, successes + failures desc, created_ms desc limit @Candidates
            """, new { tenant, language = Languages.Normalise(request.Language), signature, code, request.Project, Candidates }, cancellationToken: token))).GroupBy(r => (r.Signature, r.BeforeLine, r.AfterLine)).Select(g => FixRow.OfAll(g, request.Project)).ToList(), token);
        var top = request.Top == 0 ? DefaultTop : request.Top;
        var (line, shape) = (QueryTerms.SetOf(request.Line), SyntaxShape.Of(request.Line));
        var reply = new FindFixesReply();
        var helping = rows.Where(r => r.Helps).OrderByDescending(r => Score(r, signature, shape, line)).ToList();
        reply.Fixes.Add(helping.Take(top).Select(r => r.ToFix()));
        reply.Failed.Add(rows.Where(r => !r.Helps && r.Signature == signature && r.Failures > 0)
            .OrderByDescending(r => shape.Length > 0 && r.Shape == shape).ThenBy(r => r.Rate).Take(top).Select(r => r.ToFix(AlternativeTo(r, helping))));
        return reply;
    }

    /// <summary>Writes the fixes of a job; one that is known is counted.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> WriteAsync(DbConnection connection, string tenant, Job job, long now)
    {
        if ((job.Result ?? job.Failure?.Partial) is not { } result)
            return 0;
        var count = 0;
        var simulated = JobLearning.ProjectOf(job) == SearchScope.SimulatedProject;
        foreach (var fix in FixReader.Read(result).Where(f => SecretScan.Find($"{f.Before}\n{f.After}\n{f.Explanation}") is null))
        {
            count++;
            var id = await WriteAsync(connection, tenant, JobLearning.ProjectOf(job), Languages.Normalise(job.Request.Language), fix, simulated, now);
            if (fix.FromMemory)
            {
                await connection.ExecuteAsync("insert into fix_uses (tenant, job_id, fix, worked, at_ms) values (@tenant, @job, @id, @worked, @now) on conflict (tenant, job_id, fix) do nothing",
                    new { tenant, job = job.Id, id, worked = fix.Worked ? 1L : 0L, now });
            }
        }

        return count;
    }

    /// <summary>Writes one fix, or counts one that is known.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> WriteAsync(DbConnection connection, string tenant, string project, string language, LearnedFix fix, bool simulated, long now)
    {
        var id = IdOf(project, language, fix.Signature, fix.Before, fix.After);
        await connection.ExecuteAsync(
            """
            insert into fixes (tenant, id, project, language, code, signature, shape, before_line, after_line, explanation, successes, failures, simulated, created_ms, used_ms)
            values (@tenant, @id, @project, @language, @Code, @signature, @shape, @before, @after, @explanation, @won, @lost, @simulated, @now, @now)
            on conflict (tenant, id) do update set shape = excluded.shape, used_ms = excluded.used_ms, explanation = case when @isNewer = 1 then excluded.explanation else fixes.explanation end, successes = fixes.successes + excluded.successes, failures = fixes.failures + excluded.failures
            """,
            new
            {
                tenant,
                id,
                project,
                language,
                fix.Code,
                signature = TextDecoder.Clean(fix.Signature),
                shape = TextDecoder.Clean(fix.Shape),
                before = TextDecoder.Clean(fix.Before),
                after = TextDecoder.Clean(fix.After),
                explanation = TextDecoder.Clean(fix.Explanation),
                isNewer = fix.IsExplained && !fix.FromMemory ? 1L : 0L,
                won = fix.Worked ? 1L : 0L,
                lost = fix.Worked ? 0L : 1L,
                simulated = simulated ? 1L : 0L,
                now,
            });
        return id;
    }

    /// <summary>What a fix is known by: the same edit for the same error in the same project is one.</summary>
    public static string IdOf(string project, string language, string signature, string before, string after) =>
        PatternPreparer.HashOf($"{project}\0{language}\0{signature}\0{before}\0{after}")[..32];

    /// <summary>What helped against the same error, or in code of the same shape: first of the same line, then what scores best.</summary>
    private static FixRow? AlternativeTo(FixRow failed, IEnumerable<FixRow> helping) =>
        helping.Where(h => h.Signature == failed.Signature || (failed.Shape.Length > 0 && h.Shape == failed.Shape)).OrderByDescending(h => h.BeforeLine == failed.BeforeLine).FirstOrDefault();

    private static double Score(FixRow row, string signature, string shape, HashSet<string> line)
    {
        var before = QueryTerms.SetOf(row.BeforeLine);
        var shared = line.Count == 0 ? 0 : before.Count(line.Contains) / (double)Math.Max(line.Count, 1);
        return (row.Signature == signature ? 2 : 0) + (shape.Length > 0 && row.Shape == shape ? 1 : 0) + row.Rate + shared;
    }

    private sealed class FixRow
    {
        public string Id { get; set; } = "";

        public string Project { get; set; } = "";

        public string Signature { get; set; } = "";

        public string Shape { get; set; } = "";

        public string BeforeLine { get; set; } = "";

        public string AfterLine { get; set; } = "";

        public string Explanation { get; set; } = "";

        public long Successes { get; set; }

        public long Failures { get; set; }

        /// <summary>Mean of a Beta posterior with an even prior.</summary>
        public double Rate => (Successes + 1.0) / (Successes + Failures + 2.0);

        /// <summary>The same edit in several projects is one, under the id that the asking project has for it.</summary>
        public static FixRow OfAll(IEnumerable<FixRow> same, string project)
        {
            var all = same.OrderBy(r => r.Project == project ? 0 : 1).ToList();
            (all[0].Successes, all[0].Failures) = (all.Sum(r => r.Successes), all.Sum(r => r.Failures));
            return all[0];
        }

        public bool Helps => Successes > 0 && Successes >= Failures;

        public KnownFix ToFix(FixRow? alternative = null) => new()
        {
            Id = Id,
            Signature = Signature,
            Before = BeforeLine,
            After = AfterLine,
            Explanation = Explanation,
            Successes = Successes,
            Failures = Failures,
            SuccessRate = Rate,
            AlternativeId = alternative?.Id ?? "",
            Alternative = alternative?.AfterLine ?? "",
        };
    }
}
