using System.Data.Common;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>What one event says of a pattern. What people did with a result weighs more than that it compiled.</summary>
/// <param name="Won">Weight of success.</param>
/// <param name="Lost">Weight of failure.</param>
internal readonly record struct Evidence(double Won, double Lost)
{
    private const double Checked = 0.5;
    private const double Tested = 1;
    private const double Accepted = 3;
    private const double Edited = 1;
    private const double Rejected = 3;
    private const double Reverted = 4;

    /// <summary>Whether it says anything.</summary>
    public bool Any => Won + Lost > 0;

    /// <summary>What the end of a job says of what is in its result: tests passed say more than checks alone; a cancelled job says nothing.</summary>
    public static Evidence Of(Job job) => job.State switch
    {
        JobStates.Succeeded => new Evidence(job.Request.Tests.Count > 0 && job.Result?.Tests?.Outcome == "passed" ? Tested : Checked, 0),
        JobStates.Failed => new Evidence(0, Tested),
        _ => default,
    };

    /// <summary>What a person's verdict says.</summary>
    public static Evidence Of(string verdict) => verdict switch
    {
        Verdicts.Accepted => new Evidence(Accepted, 0),
        Verdicts.Edited => new Evidence(0, Edited),
        Verdicts.Rejected => new Evidence(0, Rejected),
        Verdicts.Reverted => new Evidence(0, Reverted),
        _ => default,
    };

    /// <summary>Adds to the evidence of patterns: what was there fades first. Another writer in between makes it fade anew, so that nothing is lost.</summary>
    /// <param name="connection">The transaction.</param>
    /// <param name="tenant">Tenant.</param>
    /// <param name="ids">A condition on the pattern's id; its parameters come from <paramref name="jobId"/> and <paramref name="pattern"/>.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="pattern">A pattern; empty when the condition names none.</param>
    /// <param name="now">Now.</param>
    /// <param name="halfLifeMs">After so long evidence counts half.</param>
    public async Task AddAsync(DbConnection connection, string tenant, string ids, string jobId, string pattern, long now, double halfLifeMs)
    {
        if (!Any)
            return;
        // In the order of their ids: two transactions that count on the same patterns then wait for each other and do not lock up.
        foreach (var row in await connection.QueryAsync<PatternRow>($"select id as Id, weighed_ms as WeighedMs from patterns where tenant = @tenant and {ids} order by id", new { tenant, jobId, pattern }))
        {
            for (long? weighed = row.WeighedMs; weighed is { } at && !await AddAsync(connection, tenant, row.Id, at, now, halfLifeMs);)
                weighed = await connection.ExecuteScalarAsync<long?>("select weighed_ms from patterns where tenant = @tenant and id = @Id", new { tenant, row.Id });
        }
    }

    private async Task<bool> AddAsync(DbConnection connection, string tenant, string id, long weighed, long now, double halfLifeMs) => await connection.ExecuteAsync(
        """
        update patterns set won = won * @left + @Won, lost = lost * @left + @Lost, weighed_ms = @latest, used_ms = @now, successes = successes + @good, failures = failures + @bad
        where tenant = @tenant and id = @id and weighed_ms = @weighed
        """,
        new { tenant, id, weighed, now, latest = Math.Max(now, weighed), left = weighed > 0 ? Outcome.Fade(now - weighed, halfLifeMs) : 1, Won, Lost, good = Won > 0 ? 1L : 0L, bad = Lost > 0 ? 1L : 0L }) == 1;
}
