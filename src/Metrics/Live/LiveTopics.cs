using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Platform.Metrics.Alerts;
using Platform.Metrics.Pages;
using Platform.Metrics.Recording;
using Platform.V1;

namespace Platform.Metrics.Live;

/// <summary>What each page watches, as a short text that differs when the page would look different.</summary>
internal sealed class LiveTopics(ConsoleCaller caller, FiguresVersion version, AlertStore alerts, TimeProvider time)
{
    private const int JobsOnAPage = 50;

    // Other replicas count jobs too, and stretches of time move on.
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(10);

    /// <summary>How to look at a topic; null when there is no such topic.</summary>
    public Func<CancellationToken, Task<string>>? Find(string topic, IQueryCollection query) => topic switch
    {
        "figures" => FiguresAsync,
        "jobs" => _ => JobsAsync(query),
        "patterns" => _ => HashAsync(o => caller.Memory.GetStatsAsync(new GetStatsRequest(), o)),
        "campaigns" => _ => HashAsync(o => caller.Maya.ListCampaignsAsync(new ListCampaignsRequest(), o)),
        "campaign" => _ => HashAsync(o => caller.Maya.GetCampaignAsync(new GetCampaignRequest { CampaignId = query["id"].ToString() }, o)),
        "experiments" => _ => HashAsync(o => caller.Maya.ListExperimentsAsync(new ListExperimentsRequest(), o)),
        "privacy" => _ => HashAsync(o => caller.Requests.ListRequestsAsync(new ListPrivacyRequestsRequest(), o)),
        "settings" => _ => HashAsync(o => caller.Router.GetSettingsAsync(new GetSettingsRequest(), o)),
        "alerts" => AlertsAsync,
        _ => null,
    };

    private async Task<string> FiguresAsync(CancellationToken token)
    {
        var open = await AlertsAsync(token);
        return string.Create(CultureInfo.InvariantCulture, $"{version.Value} {time.GetUtcNow().ToUnixTimeSeconds() / (long)LookAnyway.TotalSeconds} {open}");
    }

    private Task<string> JobsAsync(IQueryCollection query) => HashAsync(o => caller.Router.ListJobsAsync(new ListJobsRequest
    {
        State = query["state"].ToString(),
        Approach = query["approach"].ToString(),
        Kind = query["kind"].ToString(),
        BatchId = query["batch"].ToString(),
        PageToken = query["after"].ToString(),
        PageSize = JobsOnAPage,
    }, o));

    private async Task<string> AlertsAsync(CancellationToken token)
    {
        var open = await alerts.ListAsync(caller.Tenant, all: false, token);
        return string.Join(',', open.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Id}:{a.AcknowledgedMs}")));
    }

    /// <summary>A module that does not answer is no change: the page says so when it is loaded.</summary>
    private async Task<string> HashAsync<T>(Func<Grpc.Core.CallOptions, Grpc.Core.AsyncUnaryCall<T>> call)
        where T : class, IMessage<T>
    {
        var answer = await caller.AskAsync(call);
        return answer.Value is null ? answer.Code.ToString() : Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(answer.Value.ToByteArray()));
    }
}
