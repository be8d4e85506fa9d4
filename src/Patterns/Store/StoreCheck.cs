using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>Verifies that patterns, vectors and posting lists say the same. Patterns are the truth; <see cref="StoreRepair"/> makes the others anew from them.</summary>
internal sealed class StoreCheck(PatternStore store, Embedder embedder)
{
    public async Task<IReadOnlyList<string>> RunAsync(string tenant, CancellationToken token)
    {
        var (problems, isComparable) = await CountAsync(tenant, token);
        if (isComparable)
            problems.AddRange(await new WordCheck(store, embedder).RunAsync(tenant, token));
        return problems;
    }

    /// <returns>What differs by count, and whether the posting lists can be compared with the texts: of another tokeniser all of them would differ, and what is in none is said already.</returns>
    private Task<(List<string> Problems, bool IsComparable)> CountAsync(string tenant, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var (problems, isComparable) = (new List<string>(), true);
        if (store.Database.Dialect == Dialect.Sqlite && await connection.ExecuteScalarAsync<string>("pragma quick_check(1)") is var verdict and not "ok")
        {
            problems.Add($"SQLite reports: {verdict}");
            isComparable = false;
        }

        async Task ExpectAsync(string what, string sql, bool ofWords = false)
        {
            if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new { tenant, embedder.Identity, Terms = TermCounter.Identity }, cancellationToken: token)) is not (var count and > 0))
                return;
            problems.Add($"{count} {what}");
            isComparable &= !ofWords;
        }

        await ExpectAsync("patterns have no vector.", "select count(*) from patterns p where p.tenant = @tenant and not exists (select 1 from vectors v where v.tenant = p.tenant and v.number = p.number)");
        await ExpectAsync("vectors have no pattern.", "select count(*) from vectors v where v.tenant = @tenant and not exists (select 1 from patterns p where p.tenant = v.tenant and p.number = v.number)");
        await ExpectAsync("patterns are in no word segment.", "select count(*) from patterns p where p.tenant = @tenant and not exists (select 1 from segments s where s.tenant = p.tenant and s.project = p.project and p.number between s.first_number and s.last_number)", ofWords: true);
        await ExpectAsync("posting lists belong to no segment.", "select count(*) from postings x where x.tenant = @tenant and not exists (select 1 from segments s where s.id = x.segment)");
        await ExpectAsync("results are not compared with new ones.", $"select count(*) from results r where r.tenant = @tenant and {ResultRows.Unsketched}");
        if (await FixRenewal.CountAsync(connection, tenant) is var fixes and > 0)
            problems.Add($"{fixes} fixes are known by their errors as these were written before.");
        await ExpectAsync("tenant's vectors were made by another embedder.", "select count(*) from tenants where tenant = @tenant and embedder <> @Identity", ofWords: true);
        await ExpectAsync("tenant's posting lists were made by another tokeniser.", "select count(*) from tenants where tenant = @tenant and terms <> @Terms", ofWords: true);
        return (problems, isComparable);
    }, token);
}
