using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform privacy export|erase|requests|request|extend|confirm|close|restrict|consent|subject|reapply|retention</c>.</summary>
internal static class PrivacyCommand
{
    private static readonly string[] Laws = ["gdpr", "ccpa"];
    private static readonly string[] Kinds = ["export", "erase", "rectify", "restrict", "object"];
    private static readonly Argument<string> Subject = new("subject") { Description = "The person, by the name that requests gave as subject_id." };
    private static readonly Argument<string> Id = new("id") { Description = "Id of the request, as 'privacy requests' shows it." };
    private static readonly Option<string> Law = new("--law") { Description = "gdpr or ccpa.", DefaultValueFactory = static _ => "gdpr" };
    private static readonly Option<string?> Received = new("--received") { Description = "When the person asked. Default: now." };
    private static readonly Option<string> Kind = new("--kind") { Description = "export, erase, rectify, restrict or object.", Required = true };
    private static readonly Option<DirectoryInfo?> Out = new("--out") { Description = "Folder for data.json and manifest.json; without it the records are printed." };
    private static readonly Option<int> Wait = new("--wait") { Description = "Seconds to wait for the modules.", DefaultValueFactory = static _ => 30 };
    private static readonly Option<bool> Open = new("--open") { Description = "Only those that are not done." };
    private static readonly Option<bool> Lift = new("--lift") { Description = "Lift the restriction." };
    private static readonly Option<string> Purpose = new("--purpose") { Description = "What the consent is for.", Required = true };
    private static readonly Option<string> Version = new("--text-version") { Description = "Version of the text that was agreed to.", Required = true };
    private static readonly Option<bool> Withdrawn = new("--withdrawn") { Description = "The consent is withdrawn." };

    public static Command Create()
    {
        Law.AcceptOnlyFromAmong(Laws);
        Kind.AcceptOnlyFromAmong(Kinds);
        return new("privacy", "Answers people's requests about their data: export, erase, restrict, consent, deadlines, retention.")
        {
            CommandRun.Bind(new Command("export", "Everything that is held about a person, with a manifest.") { Subject, Law, Received, Out }, ExportAsync),
            CommandRun.Bind(new Command("erase", "Destroys a person's key and has every module drop what it holds; exit code 1 while one has not acknowledged.") { Subject, Law, Received, Wait }, EraseAsync),
            CommandRun.Bind(new Command("requests", "Requests with their deadlines, newest first.") { Open }, RequestsAsync),
            CommandRun.Bind(new Command("request", "Takes in a request that is answered later, so that its deadline is watched.") { Subject, Kind, Law, Received }, OpenAsync),
            CommandRun.Bind(new Command("extend", "Gives a request the longer time that its law allows once.") { Id }, ExtendAsync),
            CommandRun.Bind(new Command("confirm", "Notes that the person was told that the request came in.") { Id }, ConfirmAsync),
            CommandRun.Bind(new Command("close", "Ends a request that is answered outside the platform: rectify, restrict, object.") { Id }, CloseAsync),
            CommandRun.Bind(new Command("restrict", "Takes in nothing new about a person until the restriction is lifted.") { Subject, Lift }, RestrictAsync),
            CommandRun.Bind(new Command("consent", "Records that a consent was given or withdrawn.") { Subject, Purpose, Version, Withdrawn }, ConsentAsync),
            CommandRun.Bind(new Command("subject", "Restriction and consents of a person.") { Subject }, SubjectAsync),
            CommandRun.Bind(new Command("reapply", "Erases again what was erased before; to be run after a backup of the data was restored."), ReapplyAsync),
            CommandRun.Bind(new Command("retention", "What the retention job removed, newest first."), RetentionAsync),
        };
    }

    private static async Task<int> ExportAsync(CommandRun run, CancellationToken token)
    {
        var received = PointInTime.Read("--received", run.Get(Received), DateTimeOffset.UtcNow);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = Client(session).Export(new ExportSubjectRequest { SubjectId = run.Get(Subject), Law = run.Get(Law), ReceivedMs = received }, cancellationToken: token);
        var export = await SubjectExportFile.ReadAsync(call.ResponseStream, token);
        if (run.Get(Out) is { } folder)
            await export.WriteAsync(folder, token);
        if (run.Json)
            CommandRun.Print(export.Document(withRecords: run.Get(Out) is null));
        else if (run.Get(Out) is null)
            CommandRun.Print(export.Document(withRecords: true));
        foreach (var silent in export.Manifest.Modules.Where(module => !module.Answered))
            run.Say($"{silent.Module} did not answer: {silent.Problem}");
        run.Say($"{export.Records.Count} records{(run.Get(Out) is { } to ? $" in {to.FullName}" : "")}.");
        return export.Manifest.Complete ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> EraseAsync(CommandRun run, CancellationToken token)
    {
        var received = PointInTime.Read("--received", run.Get(Received), DateTimeOffset.UtcNow);
        var wait = run.Get(Wait) is var seconds and >= 1 and <= 600 ? seconds : throw new CommandException(ExitCodes.WrongUsage, $"--wait is {run.Get(Wait)}; give 1 to 600 seconds.");
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var request = await Client(session).EraseAsync(
            new EraseSubjectRequest { SubjectId = run.Get(Subject), Law = run.Get(Law), ReceivedMs = received, WaitMs = wait * 1000L }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(PrivacyDocuments.Of(request));
        else
            ShowErasure(run, request);
        foreach (var silent in request.Modules.Where(module => !module.Acknowledged))
            run.Say($"{silent.Module} did not acknowledge yet; it is asked again until it does (privacy requests --open).");
        return request.Modules.All(module => module.Acknowledged) ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static void ShowErasure(CommandRun run, PrivacyRequest request)
    {
        if (request.Id.Length == 0)
            run.Say("Nothing is held about this person.");
        foreach (var module in request.Modules.Where(module => module.Acknowledged))
            run.Answer.WriteLine($"{module.Module,-10} {string.Join(", ", module.Erased.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Value} {each.Key.Replace('_', ' ')}"))}");
        foreach (var remote in request.Remote)
            run.Answer.WriteLine($"outside    {remote}: delete it there");
    }

    private static async Task<int> RequestsAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var requests = (await Client(session).ListRequestsAsync(new ListPrivacyRequestsRequest { Open = run.Get(Open) }, cancellationToken: token)).Requests;
        if (run.Json)
        {
            CommandRun.Print(new { requests = requests.Select(PrivacyDocuments.Of) });
            return ExitCodes.Success;
        }

        var table = new Table().AddColumns("id", "kind", "law", "subject", "state", "received", "due");
        foreach (var request in requests)
            table.AddRow(request.Id, request.Kind, request.Law, request.Pseudonym, request.State, Day(request.ReceivedMs), request.Overdue ? $"[red]{Day(request.DueMs)} overdue[/]" : Day(request.DueMs));
        run.Answer.Write(table);
        return ExitCodes.Success;
    }

    private static async Task<int> OpenAsync(CommandRun run, CancellationToken token)
    {
        var received = PointInTime.Read("--received", run.Get(Received), DateTimeOffset.UtcNow);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).OpenRequestAsync(
            new OpenPrivacyRequest { SubjectId = run.Get(Subject), Kind = run.Get(Kind), Law = run.Get(Law), ReceivedMs = received }, cancellationToken: token));
    }

    private static async Task<int> ExtendAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).ExtendRequestAsync(new ExtendPrivacyRequest { Id = run.Get(Id) }, cancellationToken: token));
    }

    private static async Task<int> ConfirmAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).ConfirmRequestAsync(new ConfirmPrivacyRequest { Id = run.Get(Id) }, cancellationToken: token));
    }

    private static async Task<int> CloseAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).CloseRequestAsync(new ClosePrivacyRequest { Id = run.Get(Id) }, cancellationToken: token));
    }

    private static async Task<int> RestrictAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).RestrictAsync(new RestrictSubjectRequest { SubjectId = run.Get(Subject), Lift = run.Get(Lift) }, cancellationToken: token));
    }

    private static async Task<int> ConsentAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).RecordConsentAsync(
            new RecordConsentRequest { SubjectId = run.Get(Subject), Purpose = run.Get(Purpose), Version = run.Get(Version), Withdrawn = run.Get(Withdrawn) }, cancellationToken: token));
    }

    private static async Task<int> SubjectAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        return Show(run, await Client(session).GetSubjectAsync(new GetSubjectRequest { SubjectId = run.Get(Subject) }, cancellationToken: token));
    }

    private static async Task<int> ReapplyAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var reply = await Client(session).ReapplyAsync(new ReapplyErasuresRequest(), cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { reply.Subjects });
        else
            run.Say($"{reply.Subjects} erased people are being erased again in every module; 'privacy requests --open' shows what is left.");
        return ExitCodes.Success;
    }

    private static async Task<int> RetentionAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var runs = (await Client(session).ListRetentionAsync(new ListRetentionRequest(), cancellationToken: token)).Runs;
        if (run.Json)
            CommandRun.Print(new { runs = runs.Select(each => new { each.Module, each.Class, each.BeforeMs, each.Removed, each.AtMs }) });
        else
            run.Answer.WriteLine(string.Join('\n', runs.Select(each => $"{Day(each.AtMs)} {each.Module} {each.Class}: {each.Removed} removed, older than {Day(each.BeforeMs)}")));
        return ExitCodes.Success;
    }

    private static int Show(CommandRun run, PrivacyRequest request)
    {
        if (run.Json)
            CommandRun.Print(PrivacyDocuments.Of(request));
        else
            run.Say($"Request {request.Id}: {request.Kind} under {request.Law}, {request.State}, due {Day(request.DueMs)}.");
        return ExitCodes.Success;
    }

    private static int Show(CommandRun run, SubjectState state)
    {
        if (run.Json)
            CommandRun.Print(PrivacyDocuments.Of(state));
        else
            run.Say(state.Pseudonym.Length == 0 ? "Nothing is held about this person." : $"Subject {state.Pseudonym}: {(state.Restricted ? "restricted" : "not restricted")}, {state.Consents.Count(consent => consent.WithdrawnMs == 0)} consents stand.");
        return ExitCodes.Success;
    }

    private static V1.Privacy.PrivacyClient Client(HostSession session) => new(session.Invoker);

    private static string Day(long ms) => ms == 0 ? "-" : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
