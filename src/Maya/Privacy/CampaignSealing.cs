using Grpc.Core;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Seals campaigns that are about a person, with their strategies, and opens them for whoever may see them. Campaigns about nobody pass through untouched.</summary>
internal sealed class CampaignSealing(SubjectVault vault)
{
    /// <summary>The person that something is about: the one that is named, or the one whose audience profile is written for.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION when those are two.</exception>
    public static string SubjectOf(string named, Audience? audience)
    {
        var reader = audience?.SubjectId ?? "";
        if (named.Length > 0 && reader.Length > 0 && named != reader)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"subject_id names another person than the audience profile '{audience!.Name}' is about; what is written for one person is kept under that person's key."));
        return named.Length > 0 ? named : reader;
    }

    /// <summary>The key of a person, for taking something in; null when it is about nobody.</summary>
    /// <exception cref="RpcException">FAILED_PRECONDITION when the person is restricted.</exception>
    public async Task<SubjectKey?> UseAsync(string tenant, string subjectId, CancellationToken token) => subjectId.Length == 0 ? null : await vault.UseAsync(tenant, subjectId, token);

    /// <summary>The key of a campaign; null when it is about nobody.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the person was erased.</exception>
    public async Task<SubjectKey?> KeyAsync(CampaignRow campaign, CancellationToken token) => campaign.SubjectId.Length == 0 ? null
        : await vault.FindAsync(campaign.Tenant, campaign.SubjectId, token) ?? throw new RpcException(new Status(StatusCode.NotFound, $"Campaign '{campaign.Id}' is not known to this tenant."));

    /// <summary>A campaign as it is stored; the row that is given stays readable.</summary>
    public static CampaignRow Seal(CampaignRow row, SubjectKey? key)
    {
        if (key is null)
            return row;
        var stored = row.Copy();
        (stored.Name, stored.Brief) = (key.Seal(Place(row, "name"), row.Name), key.Seal(Place(row, "brief"), row.Brief));
        return stored;
    }

    /// <summary>A strategy as it is stored; the row that is given stays readable.</summary>
    public static StrategyRow Seal(StrategyRow row, SubjectKey? key)
    {
        if (key is null)
            return row;
        var stored = row.Copy();
        (stored.Request, stored.Document) = (key.Seal(Place(row, "request"), row.Request), key.Seal(Place(row, "document"), row.Document));
        stored.Problem = key.Seal(Place(row, "problem"), row.Problem);
        return stored;
    }

    /// <summary>Opens a campaign in place; null when there is none, or its subject was erased.</summary>
    public async Task<CampaignRow?> OpenAsync(CampaignRow? row, CancellationToken token)
    {
        if (row is null || row.SubjectId.Length == 0)
            return row;
        if (await vault.FindAsync(row.Tenant, row.SubjectId, token) is not { } key)
            return null;
        (row.Name, row.Brief) = (key.Open(Place(row, "name"), row.Name), key.Open(Place(row, "brief"), row.Brief));
        return row;
    }

    /// <summary>Opens campaigns; those of erased subjects are left out.</summary>
    public Task<List<CampaignRow>> OpenAsync(List<CampaignRow> rows, CancellationToken token) => Opened.EachAsync(rows, row => OpenAsync(row, token));

    /// <summary>Opens a strategy in place; null when there is none, or its subject was erased.</summary>
    public async Task<StrategyRow?> OpenAsync(StrategyRow? row, CancellationToken token)
    {
        if (row is null || row.SubjectId.Length == 0)
            return row;
        if (await vault.FindAsync(row.Tenant, row.SubjectId, token) is not { } key)
            return null;
        (row.Request, row.Document) = (key.Open(Place(row, "request"), row.Request), key.Open(Place(row, "document"), row.Document));
        row.Problem = key.Open(Place(row, "problem"), row.Problem);
        return row;
    }

    private static string Place(CampaignRow row, string column) => $"campaigns.{column}:{row.Id}";

    private static string Place(StrategyRow row, string column) => $"strategies.{column}:{row.CampaignId}";
}
