using System.Globalization;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>Shows what a campaign on real engines would take, asks, and caps it.</summary>
internal static class CampaignAgreement
{
    private const double Headroom = 2;

    /// <summary>Asks before anything is sent; a simulated campaign costs nothing and is not asked about.</summary>
    /// <exception cref="CommandException">Nobody agreed.</exception>
    public static async Task AskAsync(CommandRun run, Content.ContentClient client, SubmitCampaignRequest request, bool agreed, CancellationToken token)
    {
        var estimate = await client.EstimateCampaignAsync(request, cancellationToken: token);
        if (estimate.Simulated || estimate.Engine.Length == 0)
            return;
        if (request.MaxCostUsd == 0 && estimate.PriceKnown)
            request.MaxCostUsd = estimate.CostUsd * Headroom;
        run.Say($"{Words(estimate)}{(request.MaxCostUsd > 0 ? string.Create(CultureInfo.InvariantCulture, $" It is capped at {request.MaxCostUsd:F4} USD.") : "")}");
        if (agreed)
            return;
        if (Console.IsInputRedirected || !run.Messages.Confirm("Go on?", defaultValue: false))
            throw new CommandException(ExitCodes.WrongUsage, "Nothing was sent. Add --yes to go on without being asked.");
    }

    /// <summary>An estimate in words.</summary>
    public static string Words(CampaignEstimate estimate) => string.Create(CultureInfo.InvariantCulture,
        $"{estimate.Posts} posts on {estimate.Engine} ({estimate.Model}): about {estimate.InputTokens + estimate.OutputTokens:N0} tokens, {(estimate.PriceKnown ? $"{estimate.CostUsd.ToString("F4", CultureInfo.InvariantCulture)} USD" : "price unknown")}, {estimate.Seconds:F0} s. {string.Join(' ', estimate.Assumptions)}");
}
