using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// What a worker holds about a subject: nothing beyond the job it runs, whose lease goes with the ledger's row. Answers about a person are never
/// shared or kept (<see cref="AnswerCache"/>); this says so for the record.
/// </summary>
internal sealed class InferenceSubjects : ISubjectData
{
    public string Module => ModuleNames.Inference;

    public IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, CancellationToken token) => AsyncEnumerable.Empty<SubjectRecord>();

    public Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token) =>
        Task.FromResult(new DroppedData(new Dictionary<string, long> { ["answers"] = 0 }, []));
}
