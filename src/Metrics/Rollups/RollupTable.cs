using System.Data.Common;
using System.Globalization;
using Platform.Storage;

namespace Platform.Metrics.Rollups;

/// <summary>The table of roll-ups, by plain commands: it is the hot path of every event.</summary>
internal static class RollupTable
{
    private static readonly string[] KeyColumns = ["tenant", "step_seconds", "at_ms", "simulated", "kind", "approach", "engine", "model", "language", "platform"];
    private static readonly string[] HistogramColumns = ["total", "first_token", "queue"];
    private static readonly int RowWidth = KeyColumns.Length + Counters.Columns.Count + HistogramColumns.Length;
    private static readonly string Key = string.Join(", ", KeyColumns);
    private static readonly string CounterList = string.Join(", ", Counters.Columns);
    private static readonly string HistogramList = string.Join(", ", HistogramColumns);

    private static readonly string Add =
        $"on conflict ({Key}) do update set {string.Join(", ", Counters.Columns.Select(c => $"{c} = rollups.{c} + excluded.{c}"))} returning {Key}, {HistogramList}";

    private static readonly string SetHistograms =
        $"update rollups set {string.Join(", ", HistogramColumns.Select(c => $"{c} = merged.{c}"))} from merged where {string.Join(" and ", KeyColumns.Select(c => $"rollups.{c} = merged.{c}"))}";

    private static readonly string ReadSql =
        $"select at_ms, tenant, simulated, kind, approach, engine, model, language, platform, {CounterList}, {HistogramList} " +
        "from rollups where tenant = @tenant and step_seconds = @step and at_ms >= @from and at_ms < @to and simulated = @simulated";

    /// <summary>
    /// Adds to what is there, two statements for many rows. The counters' upsert locks the rows, so that the histograms it gives back
    /// can be merged here and written without losing another replica's; keys go in one order, so that two replicas never wait for each other.
    /// </summary>
    public static async Task AddAsync(DbConnection connection, Dictionary<RollupKey, Rollup> rollups, CancellationToken token)
    {
        foreach (var chunk in rollups.OrderBy(r => Order(r.Key), StringComparer.Ordinal).Chunk(BulkInsert.RowsPerStatement(connection, RowWidth)))
        {
            var merged = await AddCountersAsync(connection, chunk, token);
            foreach (var (key, rollup) in chunk)
                merged[key].Merge(rollup);
            await using var command = connection.CreateCommand();
            var places = RowValues.Add(command, [.. merged.Select(m => (object[])[.. KeyOf(m.Key), m.Value.Total.ToBytes(), m.Value.FirstToken.ToBytes(), m.Value.Queue.ToBytes()])]);
            command.CommandText = $"with merged ({Key}, {HistogramList}) as (values {places}) {SetHistograms}";
            await command.ExecuteNonQueryAsync(token);
        }
    }

    /// <summary>Reads the roll-ups of a segment.</summary>
    public static async Task<List<(long AtMs, RollupGroup Group, Rollup Rollup)>> ReadAsync(
        DbConnection connection, string tenant, bool simulated, Segment segment, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = ReadSql;
        command.Add("@tenant", tenant);
        command.Add("@step", segment.StepSeconds);
        command.Add("@from", segment.FromMs);
        command.Add("@to", segment.ToMs);
        command.Add("@simulated", simulated ? 1L : 0L);
        var rows = new List<(long, RollupGroup, Rollup)>();
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
            rows.Add((reader.GetInt64(0), Group(reader), Read(reader)));
        return rows;
    }

    private static async Task<Dictionary<RollupKey, Rollup>> AddCountersAsync(DbConnection connection, KeyValuePair<RollupKey, Rollup>[] chunk, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        var none = Array.Empty<byte>();
        var places = RowValues.Add(command, [.. chunk.Select(r => (object[])[.. KeyOf(r.Key), .. r.Value.Counts.Select(c => (object)c), none, none, none])]);
        command.CommandText = $"insert into rollups ({Key}, {CounterList}, {HistogramList}) values {places} {Add}";
        var stored = new Dictionary<RollupKey, Rollup>();
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            var group = new RollupGroup
            {
                Tenant = reader.GetString(0),
                Simulated = reader.GetInt64(3),
                Kind = reader.GetString(4),
                Approach = reader.GetString(5),
                Engine = reader.GetString(6),
                Model = reader.GetString(7),
                Language = reader.GetString(8),
                Platform = reader.GetString(9),
            };
            var first = KeyColumns.Length;
            stored.Add(new RollupKey(reader.GetInt64(1), reader.GetInt64(2), group),
                new Rollup { Total = Histogram(reader, first), FirstToken = Histogram(reader, first + 1), Queue = Histogram(reader, first + 2) });
        }

        return stored;
    }

    private static object[] KeyOf(RollupKey key) =>
    [
        key.Group.Tenant, key.StepSeconds, key.AtMs, key.Group.Simulated, key.Group.Kind, key.Group.Approach, key.Group.Engine, key.Group.Model, key.Group.Language, key.Group.Platform,
    ];

    private static string Order(RollupKey key)
    {
        var g = key.Group;
        return string.Create(CultureInfo.InvariantCulture,
            $"{g.Tenant}\u001f{key.StepSeconds:D6}{key.AtMs:D16}\u001f{g.Simulated}\u001f{g.Kind}\u001f{g.Approach}\u001f{g.Engine}\u001f{g.Model}\u001f{g.Language}\u001f{g.Platform}");
    }

    private static RollupGroup Group(DbDataReader reader) => new()
    {
        Tenant = reader.GetString(1),
        Simulated = reader.GetInt64(2),
        Kind = reader.GetString(3),
        Approach = reader.GetString(4),
        Engine = reader.GetString(5),
        Model = reader.GetString(6),
        Language = reader.GetString(7),
        Platform = reader.GetString(8),
    };

    private static Rollup Read(DbDataReader reader)
    {
        const int firstCounter = 9;
        var counts = new long[Counters.Count];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = reader.GetInt64(firstCounter + i);
        var first = firstCounter + counts.Length;
        return new Rollup { Counts = counts, Total = Histogram(reader, first), FirstToken = Histogram(reader, first + 1), Queue = Histogram(reader, first + 2) };
    }

    private static LogHistogram Histogram(DbDataReader reader, int column) => LogHistogram.FromBytes(reader.GetFieldValue<byte[]>(column));
}
