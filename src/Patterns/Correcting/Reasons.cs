using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Says which patterns and fixes shaped the result of a job, with origin, licence and credit.</summary>
internal sealed class Reasons(PatternStore store, ProjectProfiles profiles)
{
    /// <returns>What shaped it; null when the memory has not learned of such a job.</returns>
    public async Task<WhyReply?> OfAsync(string tenant, string jobId, CancellationToken token)
    {
        if (await ReadAsync(tenant, jobId, token) is not { } reply)
            return null;
        var similarities = await profiles.SimilaritiesAsync(tenant, reply.Project, reply.Patterns.Select(p => p.Project).Where(p => p.Length > 0), null, token);
        foreach (var use in reply.Patterns)
            use.Similarity = similarities.GetValueOrDefault(use.Project);
        return reply;
    }

    private Task<WhyReply?> ReadAsync(string tenant, string jobId, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var about = new { tenant, jobId };
        var job = await connection.QuerySingleOrDefaultAsync<JobRow>("select project as Project, succeeded as Succeeded, withheld as Withheld from outcomes where tenant = @tenant and job_id = @jobId", about);
        if (job is null)
            return null;
        var reply = new WhyReply { JobId = jobId, Project = job.Project, Succeeded = job.Succeeded != 0, Withheld = job.Withheld != 0 };
        reply.LearnedAs = await connection.ExecuteScalarAsync<string?>("select pattern from replays where tenant = @tenant and job_id = @jobId order by created_ms limit 1", about) ?? "";
        reply.Patterns.Add((await connection.QueryAsync<UseRow>(
            """
            select u.pattern as Pattern, u.role as Role, u.credit as Credit, p.project as Project, p.path as Path, p.start_line as StartLine, p.end_line as EndLine, p.name as Name,
              p.kind as Kind, p.job_id as MadeBy, p.successes as Successes, p.failures as Failures, coalesce(nullif(o.licence, ''), nullif(p.licence, ''), pr.licence) as Licence, o.server as Origin,
              (select count(*) from bans b where b.tenant = u.tenant and (b.content_hash = p.content_hash or (p.id is null and b.target = u.pattern))) as Bans
            from uses u left join patterns p on p.tenant = u.tenant and p.id = u.pattern
              left join projects pr on pr.tenant = u.tenant and pr.name = p.project
              left join origins o on o.tenant = u.tenant and o.pattern = u.pattern
            where u.tenant = @tenant and u.job_id = @jobId order by u.credit desc, u.pattern
            """, about)).Select(u => u.ToUse()));
        reply.Fixes.Add((await connection.QueryAsync<FixUseRow>(
            """
            select u.fix as Fix, u.worked as Worked, f.signature as Signature, f.before_line as BeforeLine, f.after_line as AfterLine,
              (select count(*) from bans b where b.tenant = u.tenant and b.target = u.fix) as Bans
            from fix_uses u join fixes f on f.tenant = u.tenant and f.id = u.fix where u.tenant = @tenant and u.job_id = @jobId order by u.fix
            """, about)).Select(f => new FixUse { FixId = f.Fix, Worked = f.Worked != 0, Signature = f.Signature, Before = f.BeforeLine, After = f.AfterLine, Banned = f.Bans > 0 }));
        return reply;
    }, token);

    private sealed class JobRow
    {
        public string Project { get; set; } = "";

        public long Succeeded { get; set; }

        public long Withheld { get; set; }
    }

    private sealed class FixUseRow
    {
        public string Fix { get; set; } = "";

        public long Worked { get; set; }

        public string Signature { get; set; } = "";

        public string BeforeLine { get; set; } = "";

        public string AfterLine { get; set; } = "";

        public long Bans { get; set; }
    }

    private sealed class UseRow
    {
        public string Pattern { get; set; } = "";

        public string Role { get; set; } = "";

        public double Credit { get; set; }

        /// <summary>Null when the pattern is gone.</summary>
        public string? Project { get; set; }

        public string? Path { get; set; }

        public long? StartLine { get; set; }

        public long? EndLine { get; set; }

        public string? Name { get; set; }

        public string? Kind { get; set; }

        public string? MadeBy { get; set; }

        public long? Successes { get; set; }

        public long? Failures { get; set; }

        public string? Licence { get; set; }

        public string? Origin { get; set; }

        public long Bans { get; set; }

        public PatternUse ToUse() => new()
        {
            PatternId = Pattern,
            Role = Role.Length > 0 ? Role : UseRoles.Offered,
            Credit = Credit,
            Project = Project ?? "",
            Path = Path ?? "",
            StartLine = (int)(StartLine ?? 0),
            EndLine = (int)(EndLine ?? 0),
            Name = Name ?? "",
            Kind = Kind ?? "",
            MadeByJob = MadeBy ?? "",
            Successes = Successes ?? 0,
            Failures = Failures ?? 0,
            Licence = Licence ?? "",
            Origin = Origin ?? "",
            Banned = Bans > 0,
            Gone = Project is null,
        };
    }
}
