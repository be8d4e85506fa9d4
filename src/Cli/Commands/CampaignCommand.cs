using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using Grpc.Core;
using Platform.Cli.Demo;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform campaign submit|estimate|status|cancel|export|import</c>.</summary>
internal static class CampaignCommand
{
    private static readonly Argument<FileInfo> Brief = new("file") { Description = "The brief (YAML)." };
    private static readonly Argument<string> Id = new("id") { Description = "Id of the campaign." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until every post is made." };
    private static readonly Option<string> Key = new("--idempotency-key") { Description = "Same key and same brief give the same campaign.", DefaultValueFactory = static _ => "" };
    private static readonly Option<double> MaxUsd = new("--max-usd") { Description = "Refuses a campaign whose estimate costs more. Default: twice the estimate, unless the brief has a budget." };
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask before real engines are paid." };
    private static readonly Option<string> Subject = new("--subject") { Description = "Person the campaign is about; what is kept is sealed under that person's key and can be erased.", DefaultValueFactory = static _ => "" };
    private static readonly Argument<FileInfo> Export = new("file") { Description = "The export (.csv or .json)." };
    private static readonly Option<string> Name = new("--name") { Description = "Name of the campaign.", DefaultValueFactory = static _ => "import" };
    private static readonly Option<string> Format = new("--format") { Description = "csv, json or ics (iCalendar).", DefaultValueFactory = static _ => "json" };

    /// <summary>Columns of the CSV file, named as the fields of the JSON document.</summary>
    private static readonly string[] Columns = ["id", "platform", "slot", "text", "variant", "score", "state", "length", "simulated", "theme", "duplicate_of", "custom_id", "intent", "voice", "experiment_id", "arm", "ai_generated", "model", "prompt_version", "markers_before", "markers_after", "hook", "call_to_action", "parts", "publish"];

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("csv", "json", "ics");
        var campaign = new Command("campaign", "Makes posts for platforms x slots x variants.")
        {
            CommandRun.Bind(new Command("submit", "Submits a brief.") { Brief, Wait, Key, MaxUsd, Yes, Subject }, SubmitAsync),
            CommandRun.Bind(new Command("estimate", "Says what a brief would take, before anything is sent.") { Brief }, EstimateAsync),
            CommandRun.Bind(new Command("import", "Brings a campaign in that was exported as CSV or JSON; each text is checked again.") { Export, Name }, ImportAsync),
            CommandRun.Bind(new Command("status", "Shows how far a campaign is.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.GetCampaignAsync(id, cancellationToken: token), token)),
            CommandRun.Bind(new Command("cancel", "Cancels what is not made yet.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.CancelCampaignAsync(id, cancellationToken: token), token)),
            CommandRun.Bind(new Command("export", "Writes the posts of a campaign.") { Id, Format }, ExportAsync),
        };
        foreach (var command in CampaignPostCommands.Create())
            campaign.Subcommands.Add(command);
        return campaign;
    }

    private static async Task<int> SubmitAsync(CommandRun run, CancellationToken token)
    {
        var yaml = await InputFile.ReadTextAsync(run.Get(Brief)!.FullName, token);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var client = new Content.ContentClient(session.Invoker);
        var request = new SubmitCampaignRequest { Yaml = yaml, IdempotencyKey = run.Get(Key), MaxCostUsd = run.Get(MaxUsd), SubjectId = run.Get(Subject) };
        await CampaignAgreement.AskAsync(run, client, request, run.Get(Yes), token);
        var campaign = await client.SubmitCampaignAsync(request, cancellationToken: token);
        // A host inside this command ends with it, so its campaign is seen through.
        if (run.Get(Wait) || session.IsInside)
        {
            campaign = await CampaignProgress.FollowAsync(run, client, campaign, token);
            campaign = await client.GetCampaignAsync(new GetCampaignRequest { CampaignId = campaign.Id }, cancellationToken: token);
        }

        Show(run, campaign);
        return campaign.Failed == 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> EstimateAsync(CommandRun run, CancellationToken token)
    {
        var yaml = await InputFile.ReadTextAsync(run.Get(Brief)!.FullName, token);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var estimate = await new Content.ContentClient(session.Invoker).EstimateCampaignAsync(new SubmitCampaignRequest { Yaml = yaml }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(estimate);
        else
            run.Answer.WriteLine(CampaignAgreement.Words(estimate));
        return ExitCodes.Success;
    }

    private static async Task<int> ImportAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = new Content.ContentClient(session.Invoker).SubmitPosts(cancellationToken: token);
        var (rows, skipped) = (0, new Dictionary<string, int>(StringComparer.Ordinal));
        await foreach (var row in PostRows.OfExportAsync(run.Get(Export)!.FullName, run.Get(Name)!, state => skipped[state] = skipped.GetValueOrDefault(state) + 1, token))
        {
            rows++;
            await EngagementUpload.SendAsync(call, row, token);
        }

        foreach (var (state, count) in skipped)
            run.Say($"{count} posts are {state} in the export and have no text to bring in; they are left out.");
        await call.RequestStream.CompleteAsync();
        var reply = rows == 0 ? new SubmitPostsReply() : await call.ResponseAsync;
        foreach (var problem in reply.Problems)
            run.Say($"row {problem.Row} ({problem.CustomId}): {problem.Problem}");
        if (run.Json)
            CommandRun.Print(new { campaign = reply.Campaign?.Id ?? "", reply.Accepted, reply.Refused, skipped = skipped.Values.Sum(), problems = reply.Problems.Select(p => new { p.Row, p.CustomId, p.Problem }) });
        else
            run.Answer.MarkupLineInterpolated($"campaign {reply.Campaign?.Id ?? "none"}: {reply.Accepted} posts, {reply.Refused} refused, {skipped.Values.Sum()} left out");
        return reply.Refused == 0 ? ExitCodes.Success : ExitCodes.Failed;
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
        if (run.Get(Format) == "ics")
        {
            CalendarFile.Begin(Console.Out, run.Get(Id)!);
            await foreach (var post in call.ResponseStream.ReadAllAsync(token))
                CalendarFile.Write(Console.Out, post, DateTimeOffset.UtcNow);
            CalendarFile.End(Console.Out);
            return ExitCodes.Success;
        }

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
            var campaign = await new Content.ContentClient(session.Invoker).GetCampaignAsync(new GetCampaignRequest { CampaignId = run.Get(Id) }, cancellationToken: token);
            CommandRun.Print(new { campaign = run.Get(Id), strategy = StrategyText.Json(campaign.Strategy), posts });
        }

        return ExitCodes.Success;
    }

    private static PostRow Row(Post post) => new(post.Id, post.Platform, post.Slot, post.Text, post.Variant, post.Score, post.State, post.Length, post.Simulated, post.Theme, post.DuplicateOf, post.CustomId,
        post.Intent, post.Voice, post.ExperimentId, post.Arm, post.AiGenerated, post.Model, post.PromptVersion, post.MarkersBefore, post.MarkersAfter, post.Hook, post.CallToAction, [.. post.Parts], [.. post.Publish.Select(p => new Sent(p.Text, [.. p.Entities.Select(e => new Entity(e.Type, e.Offset, e.Length))]))]);

    private static string[] Cells(PostRow post) =>
    [
        post.Id, post.Platform, post.Slot, post.Text, post.Variant, post.Score.ToString(CultureInfo.InvariantCulture),
        post.State, post.Length.ToString(CultureInfo.InvariantCulture), post.Simulated ? "true" : "false", post.Theme, post.DuplicateOf, post.CustomId,
        post.Intent, post.Voice, post.ExperimentId, post.Arm, post.AiGenerated ? "true" : "false", post.Model, post.PromptVersion,
        post.MarkersBefore.ToString(CultureInfo.InvariantCulture), post.MarkersAfter.ToString(CultureInfo.InvariantCulture),
        post.Hook, post.CallToAction, post.Parts.Count == 0 ? "" : JsonSerializer.Serialize(post.Parts), post.Publish.Count == 0 ? "" : JsonSerializer.Serialize(post.Publish.Select(p => p.Text)),
    ];

    private static void Show(CommandRun run, Campaign campaign)
    {
        if (run.Json)
            CommandRun.Print(new { campaign.Id, campaign.Name, campaign.State, campaign.Total, campaign.Ready, campaign.Failed, campaign.Pending, campaign.Cancelled, campaign.Problem, campaign.Note, campaign.CostUsd, campaign.Simulated, campaign.Duplicates, campaign.SlotSource, strategy = StrategyText.Json(campaign.Strategy) });
        if (run.Json)
            return;
        run.Answer.MarkupLineInterpolated($"[bold]{campaign.Name}[/] {campaign.Id} {campaign.State}: {campaign.Ready} of {campaign.Total} ready, {campaign.Failed} failed, {campaign.Pending} to come, {campaign.CostUsd:F4} USD{(campaign.Simulated ? ", simulated" : "")}");
        foreach (var remark in new[] { campaign.Problem, campaign.Note }.Where(remark => remark.Length > 0))
            run.Say(remark);
        if (campaign.Strategy is { } plan)
            StrategyText.Show(run, plan);
    }

    private sealed record PostRow(string Id, string Platform, string Slot, string Text, string Variant, double Score, string State, int Length, bool Simulated, string Theme, string DuplicateOf, string CustomId,
        string Intent, string Voice, string ExperimentId, string Arm, bool AiGenerated, string Model, string PromptVersion, double MarkersBefore, double MarkersAfter, string Hook, string CallToAction, IReadOnlyList<string> Parts, IReadOnlyList<Sent> Publish);

    private sealed record Sent(string Text, IReadOnlyList<Entity> Entities);

    private sealed record Entity(string Type, int Offset, int Length);
}
