using System.Globalization;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>Shows what posts on real engines would take, asks, and caps them.</summary>
internal static class CampaignAgreement
{
    private const double Headroom = 2;

    /// <summary>Asks before a campaign is sent, and gives it a cap; a simulated one costs nothing and is not asked about.</summary>
    /// <exception cref="CommandException">Nobody agreed.</exception>
    public static async Task AskAsync(CommandRun run, Content.ContentClient client, SubmitCampaignRequest request, bool agreed, CancellationToken token) =>
        request.MaxCostUsd = Ask(run, await client.EstimateCampaignAsync(request, cancellationToken: token), request.MaxCostUsd, agreed);

    /// <summary>Asks before anything is paid for; the cap to send, 0 for none. What no engine declared to be a simulator writes is asked about, known engine or not.</summary>
    /// <exception cref="CommandException">Nobody agreed.</exception>
    public static double Ask(CommandRun run, CampaignEstimate estimate, double maxUsd, bool agreed)
    {
        if (estimate.Simulated || estimate.Posts == 0)
            return maxUsd;
        var cap = CapOf(estimate, maxUsd);
        var binding = cap == 0 ? estimate.BudgetUsd : estimate.BudgetUsd > 0 ? Math.Min(cap, estimate.BudgetUsd) : cap;
        run.Say($"{Words(estimate)}{(binding > 0 ? string.Create(CultureInfo.InvariantCulture, $" It is capped at {binding:F4} USD.") : "")}");
        if (agreed)
            return cap;
        if (Console.IsInputRedirected || !run.Messages.Confirm("Go on?", defaultValue: false))
            throw new CommandException(ExitCodes.WrongUsage, "Nothing was sent. Add --yes to go on without being asked.");
        return cap;
    }

    /// <summary>The cap that was given; else, unless the brief has a budget, twice the estimate and never less than the dearest post needs to be asked for.</summary>
    internal static double CapOf(CampaignEstimate estimate, double maxUsd) =>
        maxUsd > 0 || !estimate.PriceKnown || estimate.BudgetUsd > 0 ? maxUsd : Headroom * Math.Max(estimate.CostUsd, estimate.LeastCapUsd);

    /// <summary>An estimate in words.</summary>
    public static string Words(CampaignEstimate estimate) => string.Create(CultureInfo.InvariantCulture,
        $"{estimate.Posts} posts on {estimate.Engine} ({estimate.Model}): about {estimate.InputTokens + estimate.OutputTokens:N0} tokens, {(estimate.PriceKnown ? $"{estimate.CostUsd.ToString("F4", CultureInfo.InvariantCulture)} USD" : "price unknown")}, {estimate.Seconds:F0} s. {string.Join(' ', estimate.Assumptions)}");
}
