using System.Runtime.CompilerServices;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Verified pairs of task and code for training, also of requests whose result was counted on a known one: nothing simulated, banned, rejected or edited, and no secret; each with its licence.</summary>
internal sealed class TrainingPairs(PatternStore store)
{
    private const int Page = 200;

    public async IAsyncEnumerable<TrainingPair> ReadAsync(string tenant, ExportTrainingRequest request, [EnumeratorCancellation] CancellationToken token)
    {
        var language = request.Language.Length == 0 ? "" : Languages.Normalise(request.Language);
        for (var (after, print) = ("", ""); ;)
        {
            var rows = await store.Database.ReadAsync(async connection => (await connection.QueryAsync<PairRow>(new CommandDefinition(
                $"""
                select r.pattern as Pattern, r.fingerprint as Fingerprint, r.project as Project, r.language as Language, r.task as Task, r.files as Files, r.tests_passed as TestsPassed, r.job_id as JobId,
                  coalesce(nullif(o.licence, ''), nullif(p.licence, ''), pr.licence) as Licence, o.server as Origin, v.verdict as Verdict
                from replays r join patterns p on p.tenant = r.tenant and p.id = r.pattern
                  left join projects pr on pr.tenant = r.tenant and pr.name = r.project
                  left join origins o on o.tenant = r.tenant and o.pattern = r.pattern
                  left join verdicts v on v.tenant = r.tenant and v.job_id = r.job_id
                where r.tenant = @tenant and r.simulated = 0 and r.rejected = 0 and (@Project = '' or r.project = @Project) and (@language = '' or r.language = @language)
                  and (@tested = 0 or r.tests_passed = 1) and (r.pattern, r.fingerprint) > (@after, @print) and {Bans.Free}
                order by r.pattern, r.fingerprint limit {Page}
                """, new { tenant, request.Project, language, tested = request.TestedOnly ? 1L : 0L, after, print }, cancellationToken: token))).ToList(), token);
            foreach (var pair in rows.Select(r => r.ToPair()).Where(IsClean))
                yield return pair;
            if (rows.Count < Page)
                yield break;
            (after, print) = (rows[^1].Pattern, rows[^1].Fingerprint);
        }
    }

    /// <summary>The write gate looked at the code; a task may hold a secret too.</summary>
    private static bool IsClean(TrainingPair pair) => SecretScan.Find(pair.Task) is null && pair.Files.All(f => SecretScan.Find(f.Text) is null);

    private sealed class PairRow
    {
        public string Pattern { get; set; } = "";

        public string Fingerprint { get; set; } = "";

        public string Project { get; set; } = "";

        public string Language { get; set; } = "";

        public string Task { get; set; } = "";

        public string Files { get; set; } = "";

        public long TestsPassed { get; set; }

        public string JobId { get; set; } = "";

        public string? Licence { get; set; }

        public string? Origin { get; set; }

        public string? Verdict { get; set; }

        public TrainingPair ToPair() => new()
        {
            Id = Pattern,
            Project = Project,
            Language = Language,
            Task = Task,
            TestsPassed = TestsPassed != 0,
            JobId = JobId,
            Licence = Licence ?? "",
            Origin = Origin ?? "",
            Verdict = Verdict ?? "",
            Files = { StoredResult.Unpack(Files) },
        };
    }
}
