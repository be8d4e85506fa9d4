using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Metrics;

/// <summary>What the figures hold about a subject: one row a job and one a post, without any text. Roll-ups are sums over everybody and stay.</summary>
internal sealed class MetricsSubjects([FromKeyedServices(ModuleNames.Metrics)] Database database) : ISubjectData
{
    internal const string OfSubject = "tenant = @tenant and subject = @pseudonym";

    public string Module => ModuleNames.Metrics;

    public async IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, [EnumeratorCancellation] CancellationToken token)
    {
        var rows = await database.ReadAsync(async connection => (await connection.QueryAsync<FigureRow>(
            $"select job_id as JobId, closed_ms as ClosedMs, state as State, engine as Engine, model as Model, total_ms as TotalMs from jobs where {OfSubject} order by job_id",
            new { tenant, pseudonym })).AsList(), token);
        foreach (var row in rows)
        {
            var json = JsonSerializer.Serialize(new { job = row.JobId, state = row.State, engine = row.Engine, model = row.Model, total_ms = row.TotalMs });
            yield return new SubjectRecord { Kind = "figures", Id = row.JobId, AtMs = row.ClosedMs, Json = json };
        }

        var pieces = await database.ReadAsync(async connection => (await connection.QueryAsync<PieceRow>(
            $"select post_id as PostId, at_ms as AtMs, platform as Platform, state as State, score as Score from pieces where {OfSubject} order by post_id", new { tenant, pseudonym })).AsList(), token);
        foreach (var row in pieces)
            yield return new SubjectRecord { Kind = "post_figures", Id = row.PostId, AtMs = row.AtMs, Json = JsonSerializer.Serialize(new { post = row.PostId, platform = row.Platform, state = row.State, score = row.Score }) };
    }

    public Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var about = new { tenant, pseudonym };
        await ErasedRows.NoteAsync(connection, about, token);
        var feedback = await connection.ExecuteAsync($"delete from feedback where tenant = @tenant and job_id in (select job_id from jobs where {OfSubject})", about);
        var jobs = await connection.ExecuteAsync($"delete from jobs where {OfSubject}", about);
        var pieces = await connection.ExecuteAsync($"delete from pieces where {OfSubject}", about);
        return new DroppedData(new Dictionary<string, long> { ["jobs"] = jobs, ["feedback"] = feedback, ["pieces"] = pieces }, []);
    }, token);

    private sealed class PieceRow
    {
        public string PostId { get; set; } = "";

        public long AtMs { get; set; }

        public string Platform { get; set; } = "";

        public string State { get; set; } = "";

        public double Score { get; set; }
    }

    private sealed class FigureRow
    {
        public string JobId { get; set; } = "";

        public long ClosedMs { get; set; }

        public string State { get; set; } = "";

        public string Engine { get; set; } = "";

        public string Model { get; set; } = "";

        public double TotalMs { get; set; }
    }
}
