using System.CommandLine;
using Google.Protobuf;
using Platform.Maya;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform content voice|audience set|show|list|delete</c>.</summary>
internal static class ContentProfileCommands
{
    private static readonly Argument<FileInfo> Yaml = new("file") { Description = "The profile (YAML)." };
    private static readonly Argument<string> Name = new("name") { Description = "Name of the profile." };

    public static IEnumerable<Command> Create() =>
    [
        Family("voice", "Brand voices: words to use and to avoid, tone, examples, claims, competitors.",
            async (client, yaml, token) => await client.PutVoiceAsync(ProfileYaml.Voice(yaml), cancellationToken: token),
            async (client, name, token) => await client.GetVoiceAsync(name, cancellationToken: token),
            async (client, token) => (await client.ListVoicesAsync(new ListProfilesRequest(), cancellationToken: token)).Voices,
            async (client, name, token) => await client.DeleteVoiceAsync(name, cancellationToken: token)),
        Family("audience", "Audience profiles: who reads, what they care about, how they read.",
            async (client, yaml, token) => await client.PutAudienceAsync(ProfileYaml.Audience(yaml), cancellationToken: token),
            async (client, name, token) => await client.GetAudienceAsync(name, cancellationToken: token),
            async (client, token) => (await client.ListAudiencesAsync(new ListProfilesRequest(), cancellationToken: token)).Audiences,
            async (client, name, token) => await client.DeleteAudienceAsync(name, cancellationToken: token)),
    ];

    private static Command Family(string name, string description, Func<Content.ContentClient, string, CancellationToken, Task<IMessage>> put,
        Func<Content.ContentClient, NameRequest, CancellationToken, Task<IMessage>> get, Func<Content.ContentClient, CancellationToken, Task<IEnumerable<IMessage>>> list,
        Func<Content.ContentClient, NameRequest, CancellationToken, Task<DeleteProfileReply>> delete) => new(name, description)
        {
            CommandRun.Bind(new Command("set", "Stores a profile under its name.") { Yaml }, async (run, token) =>
            {
                var yaml = await InputFile.ReadTextAsync(run.Get(Yaml)!.FullName, token);
                return await AskAsync(run, async client => [await put(client, yaml, token)], token);
            }),
            CommandRun.Bind(new Command("show", "Shows a profile.") { Name }, (run, token) => AskAsync(run, async client => [await get(client, Named(run), token)], token)),
            CommandRun.Bind(new Command("list", "Shows all profiles, one line each."), (run, token) => AskAsync(run, client => list(client, token), token)),
            CommandRun.Bind(new Command("delete", "Removes a profile.") { Name }, async (run, token) =>
            {
                await using var session = await HostSession.OpenAsync(run, "all", token);
                var reply = await delete(new Content.ContentClient(session.Invoker), Named(run), token);
                CommandRun.Print(new { name = run.Get(Name), reply.Deleted });
                return reply.Deleted ? ExitCodes.Success : ExitCodes.Failed;
            }),
        };

    private static async Task<int> AskAsync(CommandRun run, Func<Content.ContentClient, Task<IEnumerable<IMessage>>> ask, CancellationToken token)
    {
        try
        {
            await using var session = await HostSession.OpenAsync(run, "all", token);
            foreach (var profile in await ask(new Content.ContentClient(session.Invoker)))
                CommandRun.Print(profile is Voice voice ? Document(voice) : (object)Document((Audience)profile));
            return ExitCodes.Success;
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, e.Message);
        }
    }

    private static object Document(Voice v) => new { v.Name, v.Description, v.DoWords, v.DontWords, v.Tones, v.Examples, v.ClaimsAllowed, v.ClaimsBanned, v.Competitors, v.Version };

    private static object Document(Audience a) => new { a.Name, a.Description, a.Interests, a.Dislikes, a.ReadingLevel, a.Language, a.Version, a.SubjectId };

    private static NameRequest Named(CommandRun run) => new() { Name = run.Get(Name) };
}
