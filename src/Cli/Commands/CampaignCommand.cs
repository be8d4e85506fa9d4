using System.CommandLine;
using System.Globalization;
using CsvHelper;
using Grpc.Core;
using Platform.Cli.Demo;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform campaign submit|status|export|cancel</c>.</summary>
internal static class CampaignCommand
{
    private static readonly Argument<FileInfo> Brief = new("file") { Description = "The brief (YAML)." };
    private static readonly Argument<string> Id = new("id") { Description = "Id of the campaign." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until every post is made." };
    private static readonly Option<string> Key = new("--idempotency-key") { Description = "Same key and same brief give the same campaign.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Format = new("--format") { Description = "csv or json.", DefaultValueFactory = static _ => "json" };

    /// <summary>Columns of the CSV file, named as the fields of the JSON document.</summary>
    private static readonly string[] Columns = ["id", "platform", "slot", "text", "variant", "score", "state", "length", "simulated"];

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("csv", "json");
        return new Command("campaign", "Makes posts for platforms x slots x variants.")
        {
            CommandRun.Bind(new Command("submit", "Submits a brief.") { Brief, Wait, Key }, SubmitAsync),
            CommandRun.Bind(new Command("status", "Shows how far a campaign is.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.GetCampaignAsync(id, cancellationToken: token), token)),
            CommandRun.Bind(new Command("cancel", "Cancels what is not made yet.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.CancelCampaignAsync(id, cancellationToken: token), token)),
            CommandRun.Bind(new Command("export", "Writes the posts of a campaign.") { Id, Format }, ExportAsync),
        };
    }

    private static async Task<int> SubmitAsync(CommandRun run, CancellationToken token)
    {
        var yaml = await InputFile.ReadTextAsync(run.Get(Brief)!.FullName, token);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var client = new Content.ContentClient(session.Invoker);
        var campaign = await client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = yaml, IdempotencyKey = run.Get(Key) }, cancellationToken: token);
        // A host inside this command ends with it, so its campaign is seen through.
        if (run.Get(Wait) || session.IsInside)
            campaign = await CampaignProgress.FollowAsync(run, client, campaign, token);
        Show(run, campaign);
        return campaign.Failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> ShowAsync(CommandRun run, Func<Content.ContentClient, GetCampaignRequest, AsyncUnaryCall<Campaign>> ask, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = ask(new Content.ContentClient(session.Invoker), new GetCampaignRequest { CampaignId = run.Get(Id) });
        Show(run, await call);
        return ExitCodes.Success;
    }

    private static async Task<int> ExportAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = new Content.ContentClient(session.Invoker).ListPosts(new ListPostsRequest { CampaignId = run.Get(Id) }, cancellationToken: token);
        var posts = await call.ResponseStream.ReadAllAsync(token).Select(Row).ToListAsync(token);
        if (run.Get(Format) == "csv")
        {
            await using var csv = CsvWriter.Create(Console.Out, new CsvWriterOptions(), leaveOpen: true);
            csv.WriteHeader(Columns);
            foreach (var post in posts)
                await csv.WriteRecordAsync(Cells(post), token);
        }
        else
        {
            CommandRun.Print(new { campaign = run.Get(Id), posts });
        }

        return ExitCodes.Success;
    }

    private static PostRow Row(Post post) => new(post.Id, post.Platform, post.Slot, post.Text, post.Variant, post.Score, post.State, post.Length, post.Simulated);

    private static string[] Cells(PostRow post) =>
    [
        post.Id, post.Platform, post.Slot, post.Text, post.Variant, post.Score.ToString(CultureInfo.InvariantCulture),
        post.State, post.Length.ToString(CultureInfo.InvariantCulture), post.Simulated ? "true" : "false",
    ];

    private static void Show(CommandRun run, Campaign campaign)
    {
        if (run.Json)
            CommandRun.Print(new { campaign.Id, campaign.Name, campaign.State, campaign.Total, campaign.Ready, campaign.Failed, campaign.Pending, campaign.Cancelled, campaign.Problem, campaign.CostUsd, campaign.Simulated });
        else
            run.Answer.MarkupLineInterpolated($"[bold]{campaign.Name}[/] {campaign.Id} {campaign.State}: {campaign.Ready} of {campaign.Total} ready, {campaign.Failed} failed, {campaign.Pending} to come, {campaign.CostUsd:F4} USD{(campaign.Simulated ? ", simulated" : "")}");
    }

    private sealed record PostRow(string Id, string Platform, string Slot, string Text, string Variant, double Score, string State, int Length, bool Simulated);
}
