using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform campaign approve|reject|edit|regenerate|versions</c>: single posts of a campaign.</summary>
internal static class CampaignPostCommands
{
    private static readonly Argument<string> Id = new("post") { Description = "Id of the post." };
    private static readonly Option<string> Note = new("--note") { Description = "Private note; it is never exported.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Text = new("--text") { Description = "The new text; '-' reads standard input.", Required = true };
    private static readonly Option<string> Instruction = new("--instruction") { Description = "What to do differently.", DefaultValueFactory = static _ => "" };

    public static IEnumerable<Command> Create() =>
    [
        CommandRun.Bind(new Command("approve", "Approves a post.") { Id, Note }, (run, token) => ReviewAsync(run, "approve", "", token)),
        CommandRun.Bind(new Command("reject", "Rejects a post.") { Id, Note }, (run, token) => ReviewAsync(run, "reject", "", token)),
        CommandRun.Bind(new Command("edit", "Gives a post another text; what it said stays as a version.") { Id, Note, Text },
            async (run, token) => await ReviewAsync(run, "edit", await ContentCommand.ReadAsync(run.Get(Text)!, token), token)),
        CommandRun.Bind(new Command("regenerate", "Has a post written again; what it said stays as a version.") { Id, Instruction }, (run, token) => PostAsync(run,
            client => client.RegeneratePostAsync(new RegeneratePostRequest { PostId = run.Get(Id), Instruction = run.Get(Instruction) }, cancellationToken: token).ResponseAsync, token)),
        CommandRun.Bind(new Command("versions", "What a post said before, newest first.") { Id }, VersionsAsync),
    ];

    private static Task<int> ReviewAsync(CommandRun run, string action, string text, CancellationToken token) => PostAsync(run,
        client => client.ReviewPostAsync(new ReviewPostRequest { PostId = run.Get(Id), Action = action, Note = run.Get(Note), Text = text }, cancellationToken: token).ResponseAsync, token);

    private static async Task<int> PostAsync(CommandRun run, Func<Content.ContentClient, Task<Post>> ask, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var post = await ask(new Content.ContentClient(session.Invoker));
        if (run.Json)
            CommandRun.Print(new { post.Id, post.CampaignId, post.Platform, post.Slot, post.Variant, post.State, post.Text, post.Parts, post.Version, post.Score, post.ScoreLow, post.ScoreHigh, post.ScoreBasis, post.Reasons, post.Note });
        else
            run.Answer.MarkupLineInterpolated($"{post.Id} {post.State}, version {post.Version}: {post.Text}");
        return ExitCodes.Success;
    }

    private static async Task<int> VersionsAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var reply = await new Content.ContentClient(session.Invoker).ListVersionsAsync(new ListVersionsRequest { PostId = run.Get(Id) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { post = run.Get(Id), versions = reply.Versions.Select(v => new { v.Version, v.Text, v.State, v.Note, v.Why, v.AtMs }) });
        else
            foreach (var version in reply.Versions)
                run.Answer.MarkupLineInterpolated($"{version.Version}: {version.Text} [grey]({version.State}, left by {version.Why}) {version.Note}[/]");
        return ExitCodes.Success;
    }
}
