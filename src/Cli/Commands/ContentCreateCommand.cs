using System.CommandLine;
using Grpc.Core;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content create</c>: one post, written while one watches.</summary>
internal static class ContentCreateCommand
{
    private static readonly Option<string> Platform = new("--platform") { Description = "Platform, such as x or linkedin.", Required = true };
    private static readonly Option<string> Brief = new("--brief") { Description = "What the post is about; '-' reads standard input.", Required = true };
    private static readonly Option<string> Voice = new("--voice") { Description = "Name of a stored brand voice.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Audience = new("--audience") { Description = "Name of a stored audience profile.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Theme = new("--theme") { Description = "Theme.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Slot = new("--slot") { Description = "When it goes out, ISO 8601 with offset.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Tier = new("--tier") { Description = "quality or fast.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Subject = new("--subject") { Description = "Person the post is about; what is kept is sealed under that person's key and can be erased.", DefaultValueFactory = static _ => "" };

    private static readonly Option<int> Thread = new("--thread") { Description = "Most parts of a thread (2 to 25) where the platform knows threads. Default: one text." };

    public static Command Create() => CommandRun.Bind(
        new Command("create", "Writes one post and shows it as it is written. Exit code 1 when it cannot be posted.") { Platform, Brief, Voice, Audience, Theme, Slot, Tier, Subject, Thread }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var brief = await ContentCommand.ReadAsync(run.Get(Brief)!, token);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = new Content.ContentClient(session.Invoker).CreatePost(new CreatePostRequest
        {
            Platform = run.Get(Platform),
            Brief = brief,
            VoiceName = run.Get(Voice),
            AudienceName = run.Get(Audience),
            Theme = run.Get(Theme),
            Slot = run.Get(Slot),
            Tier = run.Get(Tier),
            SubjectId = run.Get(Subject),
            ThreadParts = run.Get(Thread),
        }, cancellationToken: token);
        await foreach (var what in call.ResponseStream.ReadAllAsync(token))
        {
            switch (what.WhatCase)
            {
                case PostEvent.WhatOneofCase.Token when !run.Json:
                    run.Messages.Write(new Text(what.Token));
                    break;
                case PostEvent.WhatOneofCase.Post:
                    return Show(run, what.Post);
                case PostEvent.WhatOneofCase.Problem:
                    throw new CommandException(ExitCodes.Failed, what.Problem);
            }
        }

        throw new CommandException(ExitCodes.Failed, "The host ended the answer without a post.");
    }

    /// <summary>The finished post may differ from what the engine wrote: it is humanised and fitted, so it is shown whole.</summary>
    private static int Show(CommandRun run, Post post)
    {
        if (run.Json)
        {
            CommandRun.Print(new
            {
                post.Id,
                post.Platform,
                post.Slot,
                post.State,
                post.Text,
                post.Parts,
                post.Length,
                post.Score,
                post.ScoreLow,
                post.ScoreHigh,
                post.ScoreBasis,
                post.Reasons,
                post.Intent,
                post.Theme,
                post.Voice,
                post.JobId,
                post.Simulated,
                post.AiGenerated,
                post.Model,
                post.PromptVersion,
                post.MarkersBefore,
                post.MarkersAfter,
            });
        }
        else
        {
            run.Say($"\n{post.Id} {post.State}, score {post.Score:F0}{(post.Simulated ? ", simulated" : "")}. {string.Join(' ', post.Reasons)}");
            foreach (var part in post.Parts.DefaultIfEmpty(post.Text))
                run.Answer.WriteLine(part);
        }

        return post.State is "ready" ? ExitCodes.Success : ExitCodes.Failed;
    }
}
