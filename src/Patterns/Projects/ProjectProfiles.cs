using System.Collections.Concurrent;
using Dapper;

namespace Platform.Patterns;

/// <summary>
/// Reads the profiles of projects once, however many ask, and again when their project has changed. Reading that of a large project takes seconds: who cannot wait gets the one of before, or none, and the next
/// one finds it.
/// </summary>
internal sealed class ProjectProfiles(PatternStore store, TimeProvider time) : IAsyncDisposable
{
    private const int MaxKept = 500;
    private const int MaxWords = 400;
    private const int MaxManifests = 200;

    /// <summary>For those who do not wait, a profile is read again after so many times as long as reading it took: a project that is being indexed changes all the time.</summary>
    private const int RestAfterReading = 10;

    private readonly ConcurrentDictionary<(string Tenant, string Project), Kept> _known = new();
    private readonly CancellationTokenSource _closing = new();

    /// <summary>One is read after the other: each looks through all that its project holds.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>How alike a project and others are, by name, 0 to 1; 1 for itself. Nothing when the project has no name.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="project">The project that others are compared with.</param>
    /// <param name="others">Names of the others.</param>
    /// <param name="patience">How long profiles that were never read are waited for, all together; what is not there then counts as unlike. Null waits for all, as they are now.</param>
    /// <param name="token">Ends the call.</param>
    public async Task<IReadOnlyDictionary<string, double>> SimilaritiesAsync(string tenant, string project, IEnumerable<string> others, TimeSpan? patience, CancellationToken token)
    {
        var names = project.Length == 0 ? [] : others.ToHashSet(StringComparer.Ordinal);
        var similarities = names.Where(n => n == project).ToDictionary(n => n, _ => 1.0, StringComparer.Ordinal);
        names.Remove(project);
        if (names.Count == 0)
            return similarities;
        var states = await StatesAsync(tenant, [.. names, project], token);
        var profiles = states.ToDictionary(s => s.Key, s => Of(tenant, s.Key).AskAsync(s.Value, waits: patience is null), StringComparer.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        if (patience is { } most)
            limit.CancelAfter(most);
        var own = await WithinAsync(profiles.GetValueOrDefault(project), limit.Token, token);
        foreach (var name in names)
            similarities[name] = own is not null && await WithinAsync(profiles.GetValueOrDefault(name), limit.Token, token) is { } other ? own.SimilarityTo(other) : 0;
        return similarities;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        foreach (var kept in _known.Values)
            await kept.EndAsync();
        _closing.Dispose();
        _turn.Dispose();
    }

    private static async Task<ProjectProfile?> WithinAsync(Task<ProjectProfile>? profile, CancellationToken limit, CancellationToken token)
    {
        try
        {
            return profile is null ? null : await profile.WaitAsync(limit);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }

    private Kept Of(string tenant, string project)
    {
        if (_known.Count >= MaxKept)
        {
            foreach (var (key, kept) in _known.Where(k => !k.Value.IsBusy))
                _known.TryRemove(new(key, kept));
        }

        return _known.GetOrAdd((tenant, project), key => new Kept(() => ReadAsync(key.Tenant, key.Project, _closing.Token), time));
    }

    private Task<Dictionary<string, ProjectState>> StatesAsync(string tenant, IReadOnlyCollection<string> names, CancellationToken token) => store.Database.ReadAsync(async c =>
        (await c.QueryAsync<(string Name, long Segments, long Last)>(new CommandDefinition(
            $"""
            select p.name, (select count(*) from segments s where s.tenant = p.tenant and s.project = p.name), (select coalesce(max(s.last_number), 0) from segments s where s.tenant = p.tenant and s.project = p.name)
            from projects p where p.tenant = @tenant and {store.Database.Dialect.AnyOf("p.name", "@names")}
            """, new { tenant, names = store.Database.Dialect.List(names) }, cancellationToken: token))).ToDictionary(p => p.Name, p => new ProjectState(p.Segments, p.Last), StringComparer.Ordinal), token);

    /// <summary>The state is read first, so that a profile is never taken for newer than it is.</summary>
    private async Task<Reading> ReadAsync(string tenant, string project, CancellationToken token)
    {
        await _turn.WaitAsync(token);
        try
        {
            var started = time.GetTimestamp();
            var state = (await StatesAsync(tenant, [project], token)).GetValueOrDefault(project);
            return new Reading(state, await ProfileAsync(tenant, project, token), time.GetElapsedTime(started));
        }
        finally
        {
            _turn.Release();
        }
    }

    private Task<ProjectProfile> ProfileAsync(string tenant, string project, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var about = new { tenant, project };
        var tags = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (text, count) in await connection.QueryAsync<(string Tags, long Count)>(new CommandDefinition(
            "select tags, count(*) from patterns where tenant = @tenant and project = @project and tags <> '' group by tags", about, cancellationToken: token)))
        {
            foreach (var tag in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                tags[tag] = tags.GetValueOrDefault(tag) + count;
        }

        // Terms that begin with a control character are marks and no words.
        var words = await connection.QueryAsync<(string Term, long Count)>(new CommandDefinition(
            $"""
            select x.term, cast(sum(x.df) as bigint) from segments s join postings x on x.segment = s.id
            where s.tenant = @tenant and s.project = @project and x.tenant = @tenant and x.term > '!' group by x.term order by sum(x.df) desc, x.term limit {MaxWords}
            """, about, cancellationToken: token));
        var manifests = await connection.QueryAsync<(string Path, string Text)>(new CommandDefinition(
            $"select path, text from patterns where tenant = @tenant and project = @project and ({string.Join(" or ", Dependencies.Manifests.Select(m => $"lower(path) like '%{m}'"))}) order by path limit {MaxManifests}",
            about, cancellationToken: token));
        return new ProjectProfile([.. manifests.SelectMany(m => Dependencies.Of(m.Path, m.Text))], tags, words.ToDictionary(w => w.Term, w => (double)w.Count, StringComparer.Ordinal));
    }, token);

    /// <summary>What a project's patterns were when they were looked at: it rises with what is added.</summary>
    private readonly record struct ProjectState(long Segments, long Last);

    /// <summary>A profile, the state of the project that it is of, and how long reading it took.</summary>
    private sealed record Reading(ProjectState State, ProjectProfile Profile, TimeSpan Took);

    /// <summary>The last profile of a project, and the one that is being read.</summary>
    private sealed class Kept(Func<Task<Reading>> readAsync, TimeProvider time)
    {
        private const int MostReadings = 2;
        private readonly Lock _gate = new();
        private Reading? _last;
        private Task<ProjectProfile>? _reading;
        private DateTimeOffset _restsUntil;

        public bool IsBusy => _reading is { IsCompleted: false };

        /// <summary>The profile at a state; at once the one of before when there is one and the caller does not wait.</summary>
        public async Task<ProjectProfile> AskAsync(ProjectState state, bool waits)
        {
            // What is under way may have begun before that state.
            for (var readings = 0; ; readings++)
            {
                Task<ProjectProfile> reading;
                lock (_gate)
                {
                    if (_last is { } known && (known.State == state || readings == MostReadings || (!waits && time.GetUtcNow() < _restsUntil)))
                        return known.Profile;
                    reading = _reading is { IsCompleted: false } ? _reading : _reading = Task.Run(RunAsync);
                    if (_last is { } before && !waits)
                        return before.Profile;
                }

                var read = await reading;
                if (!waits)
                    return read;
            }
        }

        public async Task EndAsync()
        {
            try
            {
                await (_reading ?? Task.CompletedTask);
            }
            catch (Exception)
            {
                // Whoever asked for it was told.
            }
        }

        private async Task<ProjectProfile> RunAsync()
        {
            var made = await readAsync();
            lock (_gate)
            {
                _last = made;
                _restsUntil = time.GetUtcNow() + RestAfterReading * made.Took;
            }

            return made.Profile;
        }
    }
}
