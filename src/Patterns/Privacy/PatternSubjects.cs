using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// What the memory holds about a subject: nothing. Jobs about a person are not learned from (<see cref="JobClosedConsumer"/>), so that there is no
/// word and no vector to find and erase; this says so for the record.
/// </summary>
internal sealed class PatternSubjects : ISubjectData
{
    public string Module => ModuleNames.Patterns;

    public IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, CancellationToken token) => AsyncEnumerable.Empty<SubjectRecord>();

    public Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token) =>
        Task.FromResult(new DroppedData(new Dictionary<string, long> { ["patterns"] = 0 }, []));
}
