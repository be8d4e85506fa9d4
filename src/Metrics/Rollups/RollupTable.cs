using System.Data.Common;
using System.Globalization;

namespace Platform.Metrics.Rollups;

/// <summary>The table of roll-ups, by plain commands: it is the hot path of every event.</summary>
internal static class RollupTable
{
    private const string Key = "tenant, step_seconds, at_ms, simulated, kind, approach, engine, model, language, platform";
    private static readonly string CounterList = string.Join(", ", Counters.Columns);

    private static readonly string AddSql =
        $"insert into rollups ({Key}, {CounterList}, total, first_token, queue) " +
        $"values (@tenant, @step, @at, @simulated, @kind, @approach, @engine, @model, @language, @platform, {string.Join(", ", Counters.Columns.Select(c => $"@{c}"))}, @none, @none, @none) " +
        $"on conflict ({Key}) do update set {string.Join(", ", Counters.Columns.Select(c => $"{c} = rollups.{c} + excluded.{c}"))} " +
        "returning total, first_token, queue";

    private const string HistogramSql =
        "update rollups set total = @total, first_token = @first, queue = @queue where tenant = @tenant and step_seconds = @step and at_ms = @at " +
        "and simulated = @simulated and kind = @kind and approach = @approach and engine = @engine and model = @model and language = @language and platform = @platform";

    private static readonly string ReadSql =
        $"select at_ms, tenant, simulated, kind, approach, engine, model, language, platform, {CounterList}, total, first_token, queue " +
        "from rollups where tenant = @tenant and step_seconds = @step and at_ms >= @from and at_ms < @to and simulated = @simulated";

    /// <summary>
    /// Adds to what is there. The counters' upsert locks the row, so that the histograms it gives back can be merged here and written
    /// without losing another replica's; keys go in one order, so that two replicas never wait for each other.
    /// </summary>
    public static async Task AddAsync(DbConnection connection, Dictionary<RollupKey, Rollup> rollups, CancellationToken token)
    {
        foreach (var (key, rollup) in rollups.OrderBy(r => Order(r.Key), StringComparer.Ordinal))
        {
            var stored = await AddCountersAsync(connection, key, rollup, token);
            stored.Merge(rollup);
            await using var command = connection.CreateCommand();
            command.CommandText = HistogramSql;
            AddKey(command, key);
            command.Add("@total", stored.Total.ToBytes());
            command.Add("@first", stored.FirstToken.ToBytes());
            command.Add("@queue", stored.Queue.ToBytes());
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

    private static async Task<Rollup> AddCountersAsync(DbConnection connection, RollupKey key, Rollup rollup, CancellationToken token)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = AddSql;
        AddKey(command, key);
        for (var i = 0; i < Counters.Count; i++)
            command.Add($"@{Counters.Columns[i]}", rollup.Counts[i]);
        command.Add("@none", Array.Empty<byte>());
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        return new Rollup { Total = Histogram(reader, 0), FirstToken = Histogram(reader, 1), Queue = Histogram(reader, 2) };
    }

    private static void AddKey(DbCommand command, RollupKey key)
    {
        command.Add("@tenant", key.Group.Tenant);
        command.Add("@step", key.StepSeconds);
        command.Add("@at", key.AtMs);
        command.Add("@simulated", key.Group.Simulated);
        command.Add("@kind", key.Group.Kind);
        command.Add("@approach", key.Group.Approach);
        command.Add("@engine", key.Group.Engine);
        command.Add("@model", key.Group.Model);
        command.Add("@language", key.Group.Language);
        command.Add("@platform", key.Group.Platform);
    }

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
