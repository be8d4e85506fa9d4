using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>
/// Has an engine plan a campaign before its posts are laid out: one job on the ledger, under the campaign's own key, so that asking again after a crash finds it.
/// An answer that cannot be used is asked for once more; then the brief's own words must do, and the strategy says so.
/// </summary>
internal sealed partial class CampaignStrategist(StrategyStore strategies, CampaignBriefs briefs, PostBackgrounds backgrounds, ProfileDesk profiles, ExperimentDesk experiments, CampaignSealing sealing, IPeers peers, TimeProvider time, ILogger<CampaignStrategist> log)
{
    private const int MostAttempts = 2;
    private const int LongestProblem = 300;

    /// <summary>Takes a campaign that is being planned one step further. Each step may be repeated.</summary>
    /// <exception cref="Grpc.Core.RpcException">The router does not take the job now.</exception>
    public async Task StepAsync(CampaignRow campaign, CancellationToken token)
    {
        if (await strategies.FindAsync(campaign.Tenant, campaign.Id, token) is not { State: StrategyWords.Wanted } row)
            return;
        var job = await SubmitAsync(campaign, row, token);
        if (!JobStates.IsClosed(job.State))
        {
            if (campaign.State == CampaignStates.Paused)
                await strategies.ResumeAsync(row, token);
            return;
        }

        await CloseAsync(campaign, row, job, token);
    }

    /// <summary>Has the router cancel the job of a campaign that nobody wants any more; only the router knows whether it has it.</summary>
    public async Task CancelAsync(CampaignRow campaign, CancellationToken token)
    {
        if (await strategies.FindAsync(campaign.Tenant, campaign.Id, token) is not { State: StrategyWords.Wanted } row)
            return;
        var job = await SubmitAsync(campaign, row, token);
        await Router.CancelJobAsync(new CancelJobRequest { JobId = job.Id, Reason = "its campaign is cancelled" }, Caller.ForTenant(campaign.Tenant), cancellationToken: token);
    }

    private Generation.GenerationClient Router => new(peers.For(ModuleNames.Router));

    private async Task<Job> SubmitAsync(CampaignRow campaign, StrategyRow row, CancellationToken token) =>
        await Router.SubmitAsync(StrategyPrompt.Of(row, campaign.BudgetUsd), Caller.ForTenant(campaign.Tenant), cancellationToken: token);

    private async Task CloseAsync(CampaignRow campaign, StrategyRow row, Job job, CancellationToken token)
    {
        var brief = await briefs.OfAsync(campaign, token);
        var (strategy, problem) = job.State == JobStates.Succeeded
            ? StrategyAnswer.Read(job.Result?.Text ?? "", brief, await profiles.FindVoiceAsync(campaign.Tenant, brief.Brand, token))
            : (null, $"The job {job.State}: {job.Failure?.Code} {job.Failure?.Message}".TrimEnd());
        row.CostUsd += job.Result?.CostUsd ?? job.Failure?.Partial?.CostUsd ?? 0;
        (row.JobId, row.Problem) = (job.Id, SafeText.Cut(problem, LongestProblem));
        if (strategy is null)
        {
            LogUnusable(campaign.Id, row.Attempt, row.Problem);
            if (row.Attempt < MostAttempts)
            {
                await strategies.AgainAsync(campaign, row, token);
                return;
            }

            strategy = PlainStrategy.Of(brief);
        }
        else
        {
            (row.Model, row.Simulated) = (job.Result?.Model ?? "", job.Simulated || job.Result?.Simulated == true ? 1 : 0);
        }

        row.Made(strategy, time.GetUtcNow().ToUnixTimeMilliseconds());
        await LayOutAsync(campaign, row, brief, strategy, token);
    }

    private async Task LayOutAsync(CampaignRow campaign, StrategyRow row, CampaignBrief brief, CampaignStrategy strategy, CancellationToken token)
    {
        var subject = GenerateRequest.Parser.ParseFrom(row.Request).SubjectId;
        // A person may have been restricted since: then nothing more is taken in, and the campaign pauses.
        await sealing.UseAsync(campaign.Tenant, subject, token);
        var background = await backgrounds.GetAsync(campaign.Tenant, brief.Brand, brief.Profile, brief.Learn ? brief.Platforms : [], token);
        var arms = await experiments.AllocateForPostsAsync(campaign.Tenant, brief.Experiment, brief.Tier, campaign.Total, token);
        if (await strategies.MadeAsync(campaign, row, brief.SlotSource, CampaignPlanner.Posts(brief, campaign, background, arms, strategy, subject), token))
            LogMade(campaign.Id, strategy.Themes.Count, strategy.Source);
        else
            await experiments.ReleaseAsync(campaign.Tenant, arms, token);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Campaign {CampaignId}: strategy of {Themes} themes, by {Source}.")]
    private partial void LogMade(string campaignId, int themes, string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Campaign {CampaignId}: answer {Attempt} is no strategy. {Problem}")]
    private partial void LogUnusable(string campaignId, long attempt, string problem);
}
