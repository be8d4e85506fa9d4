using System.Data.Common;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Edits that answered errors, with how often they worked.</summary>
internal sealed class FixMemory(PatternStore store)
{
    private const int DefaultTop = 3;
    private const int MaxTop = 50;
    private const int Candidates = 200;

    /// <summary>Edits for an error: the same signature first, then the same code; what worked more often goes first.</summary>
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
            select id as Id, signature as Signature, before_line as BeforeLine, after_line as AfterLine, explanation as Explanation, successes as Successes, failures as Failures
            from fixes where tenant = @tenant and language = @language and (signature = @signature or (code = @code and code <> '')) and simulated = 0
            order by case when signature = @signature then 0 else 1 end, successes desc, created_ms desc limit @Candidates
            """, new { tenant, language = Languages.Normalise(request.Language), signature, code, Candidates }, cancellationToken: token))).ToList(), token);
        var line = QueryTerms.SetOf(request.Line);
        var reply = new FindFixesReply();
        reply.Fixes.Add(rows.OrderByDescending(r => Score(r, signature, line)).Take(request.Top == 0 ? DefaultTop : request.Top).Select(r => r.ToFix()));
        return reply;
    }

    /// <summary>Writes the fixes of a job; one that is known is counted.</summary>
    public static async Task WriteAsync(DbConnection connection, string tenant, Job job, long now)
    {
        if ((job.Result ?? job.Failure?.Partial) is not { } result)
            return;
        var simulated = JobLearning.ProjectOf(job) == SearchScope.SimulatedProject;
        foreach (var fix in FixReader.Read(result).Where(f => SecretScan.Find($"{f.Before}\n{f.After}") is null))
        {
            var language = Languages.Normalise(job.Request.Language);
            var id = PatternPreparer.HashOf($"{simulated}\0{language}\0{fix.Signature}\0{fix.Before}\0{fix.After}")[..32];
            await connection.ExecuteAsync(
                """
                insert into fixes (tenant, id, language, code, signature, before_line, after_line, explanation, successes, failures, simulated, created_ms)
                values (@tenant, @id, @language, @Code, @signature, @before, @after, @explanation, @won, @lost, @simulated, @now)
                on conflict (tenant, id) do update set successes = fixes.successes + excluded.successes, failures = fixes.failures + excluded.failures
                """,
                new
                {
                    tenant,
                    id,
                    language,
                    fix.Code,
                    signature = TextDecoder.Clean(fix.Signature),
                    before = TextDecoder.Clean(fix.Before),
                    after = TextDecoder.Clean(fix.After),
                    explanation = TextDecoder.Clean(fix.Explanation),
                    won = fix.Worked ? 1L : 0L,
                    lost = fix.Worked ? 0L : 1L,
                    simulated = simulated ? 1L : 0L,
                    now,
                });
        }
    }

    private static double Score(FixRow row, string signature, HashSet<string> line)
    {
        var rate = (row.Successes + 1.0) / (row.Successes + row.Failures + 2.0);
        var before = QueryTerms.SetOf(row.BeforeLine);
        var shared = line.Count == 0 ? 0 : before.Count(line.Contains) / (double)Math.Max(line.Count, 1);
        return (row.Signature == signature ? 2 : 0) + rate + shared;
    }

    private sealed class FixRow
    {
        public string Id { get; set; } = "";

        public string Signature { get; set; } = "";

        public string BeforeLine { get; set; } = "";

        public string AfterLine { get; set; } = "";

        public string Explanation { get; set; } = "";

        public long Successes { get; set; }

        public long Failures { get; set; }

        public KnownFix ToFix() => new()
        {
            Id = Id,
            Signature = Signature,
            Before = BeforeLine,
            After = AfterLine,
            Explanation = Explanation,
            Successes = Successes,
            Failures = Failures,
        };
    }
}
