using Platform.Contracts.Messages;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Seals posts that are about a person, and opens them for whoever may see the post. Posts about nobody pass through untouched.</summary>
internal sealed class PostSealing(SubjectVault vault)
{
    /// <summary>A post as it is stored; the row that is given stays readable.</summary>
    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND when the subject was erased in between.</exception>
    public async Task<PostRow> SealAsync(PostRow row, CancellationToken token)
    {
        if (row.SubjectId.Length == 0)
            return row;
        var subject = await vault.FindAsync(row.Tenant, row.SubjectId, token)
            ?? throw new Grpc.Core.RpcException(new Grpc.Core.Status(Grpc.Core.StatusCode.NotFound, $"Post '{row.Id}' is not known to this tenant."));
        return Seal(row, subject);
    }

    /// <summary>A post as it is stored under a key; the row that is given stays readable. Without a key it is stored as it is.</summary>
    public static PostRow Seal(PostRow row, SubjectKey? subject)
    {
        if (subject is null)
            return row;
        var stored = row.Copy();
        stored.Request = subject.Seal(Place(row, "request"), row.Request);
        (stored.Text, stored.Parts) = (subject.Seal(Place(row, "text"), row.Text), subject.Seal(Place(row, "parts"), row.Parts));
        (stored.Reasons, stored.Note) = (subject.Seal(Place(row, "reasons"), row.Reasons), subject.Seal(Place(row, "note"), row.Note));
        stored.Instruction = subject.Seal(Place(row, "instruction"), row.Instruction);
        (stored.Theme, stored.Hook, stored.CallToAction) = (subject.Seal(Place(row, "theme"), row.Theme), subject.Seal(Place(row, "hook"), row.Hook), subject.Seal(Place(row, "call_to_action"), row.CallToAction));
        return stored;
    }

    /// <summary>Posts as they are stored; those of subjects that were erased in between are left out.</summary>
    public async Task<IReadOnlyList<PostRow>> SealAsync(IEnumerable<PostRow> rows, CancellationToken token)
    {
        var stored = new List<PostRow>();
        foreach (var row in rows)
        {
            if (row.SubjectId.Length == 0 || await vault.FindAsync(row.Tenant, row.SubjectId, token) is not null)
                stored.Add(await SealAsync(row, token));
        }

        return stored;
    }

    /// <summary>Opens a post in place; null when there is none, or its subject was erased.</summary>
    public async Task<PostRow?> OpenAsync(PostRow? row, CancellationToken token)
    {
        if (row is null || row.SubjectId.Length == 0)
            return row;
        if (await vault.FindAsync(row.Tenant, row.SubjectId, token) is not { } subject)
            return null;
        row.Request = subject.Open(Place(row, "request"), row.Request);
        (row.Text, row.Parts) = (subject.Open(Place(row, "text"), row.Text), subject.Open(Place(row, "parts"), row.Parts));
        (row.Reasons, row.Note) = (subject.Open(Place(row, "reasons"), row.Reasons), subject.Open(Place(row, "note"), row.Note));
        row.Instruction = subject.Open(Place(row, "instruction"), row.Instruction);
        (row.Theme, row.Hook, row.CallToAction) = (subject.Open(Place(row, "theme"), row.Theme), subject.Open(Place(row, "hook"), row.Hook), subject.Open(Place(row, "call_to_action"), row.CallToAction));
        return row;
    }

    /// <summary>Opens posts; those of erased subjects are left out.</summary>
    public Task<List<PostRow>> OpenAsync(List<PostRow> rows, CancellationToken token) => Opened.EachAsync(rows, row => OpenAsync(row, token));

    /// <summary>The job in a message; null when it was about a person who has been erased.</summary>
    public async Task<Job?> OpenAsync(JobClosed closed, CancellationToken token)
    {
        if (closed.SubjectId.Length == 0)
            return closed.Read();
        return await vault.FindAsync(closed.Tenant, closed.SubjectId, token) is { } subject ? Job.Parser.ParseFrom(subject.Open(JobClosed.PlaceOf(closed.JobId), closed.Sealed)) : null;
    }

    private static string Place(PostRow row, string column) => $"posts.{column}:{row.Id}";
}
