using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content experiment create|next|record|show|list|stop</c>.</summary>
internal static class ContentExperimentCommand
{
    private static readonly Argument<string> Id = new("id") { Description = "Id of the experiment." };
    private static readonly Option<string> Name = new("--name") { Description = "Name.", Required = true };
    private static readonly Option<string> Kind = new("--kind") { Description = "What the arms hold: text, prompt or model.", DefaultValueFactory = static _ => "text" };
    private static readonly Option<string[]> Arms = new("--arm") { Description = "An arm as NAME=CONTENT, or NAME:WEIGHT=CONTENT for a split by weights; two or more, the first is the control.", Required = true };
    private static readonly Option<string> Allocation = new("--allocation") { Description = "thompson (more trials for what does better) or split.", DefaultValueFactory = static _ => "thompson" };
    private static readonly Option<string> Unit = new("--unit") { Description = "What is one trial: impression or post.", DefaultValueFactory = static _ => "impression" };
    private static readonly Option<string> Metric = new("--metric") { Description = "What counts as success: click, like, share, comment, conversion or interaction.", DefaultValueFactory = static _ => "click" };
    private static readonly Option<long> Minimum = new("--minimum") { Description = "Trials every arm needs before a winner is named. Default: Maya:ExperimentMinimum." };
    private static readonly Option<double> Alpha = new("--alpha") { Description = "Chance of a false winner, however often one looks. Default 0.05." };
    private static readonly Option<long> HalfLife = new("--half-life") { Description = "Trials after which a result counts half in the allocation. Default: Maya:ExperimentHalfLife." };
    private static readonly Option<double> Baseline = new("--baseline-rate") { Description = "With --unit post: rate that a post must beat." };
    private static readonly Option<bool> Simulated = new("--simulated") { Description = "Its results are simulated." };
    private static readonly Option<string> Key = new("--idempotency-key") { Description = "Same key gives the same experiment.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Arm = new("--arm") { Description = "The arm.", Required = true };
    private static readonly Option<long> Impressions = new("--impressions") { Description = "Impressions.", Required = true };
    private static readonly Option<long> Successes = new("--successes") { Description = "Successes among them.", Required = true };
    private static readonly Option<long> Guards = new("--guards") { Description = "Guard events among them, such as unfollows or reports." };
    private static readonly Option<string?> Record = new("--record-id") { Description = "Id of this record; it counts once. Default: a new one." };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong("text", "prompt", "model");
        Allocation.AcceptOnlyFromAmong("thompson", "split");
        Unit.AcceptOnlyFromAmong("impression", "post");
        return new Command("experiment", "Tries variants of a text, prompt or model against each other.")
        {
            CommandRun.Bind(new Command("create", "Starts an experiment.") { Name, Kind, Arms, Allocation, Unit, Metric, Minimum, Alpha, HalfLife, Baseline, Simulated, Key }, CreateAsync),
            CommandRun.Bind(new Command("next", "Says which arm the next trial takes.") { Id }, NextAsync),
            CommandRun.Bind(new Command("record", "Adds results to an arm.") { Id, Arm, Impressions, Successes, Guards, Record }, RecordAsync),
            CommandRun.Bind(new Command("show", "How an experiment stands.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.GetExperimentAsync(id, cancellationToken: token).ResponseAsync, token)),
            CommandRun.Bind(new Command("stop", "Ends an experiment as it stands.") { Id }, (run, token) => ShowAsync(run, (client, id) => client.StopExperimentAsync(id, cancellationToken: token).ResponseAsync, token)),
            CommandRun.Bind(new Command("list", "Experiments, newest first; one line each with --json."), ListAsync),
        };
    }

    private static async Task<int> CreateAsync(CommandRun run, CancellationToken token)
    {
        var request = new CreateExperimentRequest
        {
            Name = run.Get(Name),
            Kind = run.Get(Kind),
            Allocation = run.Get(Allocation),
            Unit = run.Get(Unit),
            Metric = run.Get(Metric),
            Minimum = run.Get(Minimum),
            Alpha = run.Get(Alpha),
            HalfLife = run.Get(HalfLife),
            BaselineRate = run.Get(Baseline),
            Simulated = run.Get(Simulated),
            IdempotencyKey = run.Get(Key),
        };
        request.Arms.AddRange(run.Get(Arms)!.Select(Parse));
        return await AskAsync(run, client => client.CreateExperimentAsync(request, cancellationToken: token).ResponseAsync, token);
    }

    private static async Task<int> NextAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var choice = await new Content.ContentClient(session.Invoker).AllocateArmAsync(new GetExperimentRequest { ExperimentId = run.Get(Id) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(choice);
        else
            run.Answer.MarkupLineInterpolated($"{choice.Arm} ({choice.Probability:P0}): {choice.Content}");
        return ExitCodes.Success;
    }

    private static Task<int> RecordAsync(CommandRun run, CancellationToken token)
    {
        var request = new RecordExperimentRequest
        {
            ExperimentId = run.Get(Id),
            RecordId = run.Get(Record) ?? Guid.NewGuid().ToString("N"),
            Arm = run.Get(Arm),
            Impressions = run.Get(Impressions),
            Successes = run.Get(Successes),
            Guards = run.Get(Guards),
        };
        return AskAsync(run, client => client.RecordExperimentAsync(request, cancellationToken: token).ResponseAsync, token);
    }

    private static async Task<int> ListAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        foreach (var experiment in (await new Content.ContentClient(session.Invoker).ListExperimentsAsync(new ListExperimentsRequest(), cancellationToken: token)).Experiments)
            Show(run, experiment);
        return ExitCodes.Success;
    }

    private static Task<int> ShowAsync(CommandRun run, Func<Content.ContentClient, GetExperimentRequest, Task<Experiment>> ask, CancellationToken token) =>
        AskAsync(run, client => ask(client, new GetExperimentRequest { ExperimentId = run.Get(Id) }), token);

    private static async Task<int> AskAsync(CommandRun run, Func<Content.ContentClient, Task<Experiment>> ask, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        Show(run, await ask(new Content.ContentClient(session.Invoker)));
        return ExitCodes.Success;
    }

    private static void Show(CommandRun run, Experiment experiment)
    {
        if (run.Json)
        {
            CommandRun.Print(experiment);
            return;
        }

        run.Answer.MarkupLineInterpolated($"[bold]{experiment.Name}[/] {experiment.Id} {experiment.State}{(experiment.Simulated ? ", simulated" : "")}: {(experiment.Winner.Length > 0 ? $"'{experiment.Winner}' has won" : "no winner")}");
        foreach (var arm in experiment.Arms)
            run.Answer.MarkupLineInterpolated($"  {arm.Name}: {arm.Successes} of {arm.Trials} ({arm.Rate:P2}, {arm.RateLow:P2} to {arm.RateHigh:P2}), next trial {arm.Probability:P0}");
        foreach (var reason in experiment.Reasons)
            run.Answer.MarkupLineInterpolated($"  {reason}");
    }

    private static ArmInput Parse(string text)
    {
        var at = text.IndexOf('=');
        if (at <= 0)
            throw new CommandException(ExitCodes.WrongUsage, $"--arm '{text}' is not NAME=CONTENT or NAME:WEIGHT=CONTENT.");
        var (name, content) = (text[..at], text[(at + 1)..]);
        var colon = name.LastIndexOf(':');
        if (colon < 0)
            return new ArmInput { Name = name, Content = content };
        return double.TryParse(name[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture, out var weight)
            ? new ArmInput { Name = name[..colon], Content = content, Weight = weight }
            : throw new CommandException(ExitCodes.WrongUsage, $"--arm '{text}' has the weight '{name[(colon + 1)..]}', which is no number.");
    }
}
