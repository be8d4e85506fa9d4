using System.CommandLine;
using Platform.Privacy;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform keys create|list|revoke|rotate-master</c>.</summary>
internal static class KeysCommand
{
    private static readonly Option<string> Name = new("--name") { Description = "What people call it.", Required = true };
    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Tenant its holder acts for. Default: that of the key in use." };
    private static readonly Option<string> Role = new("--role") { Description = "admin, privacy or user.", DefaultValueFactory = static _ => Roles.User };
    private static readonly Option<string?> Expires = new("--expires") { Description = "Until when it is valid: 30d, 12h, or a date. Default: for ever." };
    private static readonly Argument<string> Id = new("id") { Description = "Id of the key, as 'keys list' shows it." };

    public static Command Create()
    {
        Role.AcceptOnlyFromAmong([.. Roles.All]);
        return new("keys", "Makes, lists and revokes keys of callers; rotates the master key.")
        {
            CommandRun.Bind(new Command("create", "Makes a key and shows it once.") { Name, Tenant, Role, Expires }, CreateAsync),
            CommandRun.Bind(new Command("list", "Keys that were made at run time, newest first."), ListAsync),
            CommandRun.Bind(new Command("revoke", "Revokes a key for good.") { Id }, RevokeAsync),
            CommandRun.Bind(new Command("rotate-master", "Wraps every subject's key by a new master key."), RotateAsync),
        };
    }

    private static async Task<int> CreateAsync(CommandRun run, CancellationToken token)
    {
        var expires = PointInTime.Read("--expires", run.Get(Expires), DateTimeOffset.UtcNow);
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var made = await Client(session).CreateKeyAsync(
            new CreateKeyRequest { Name = run.Get(Name), Tenant = run.Get(Tenant) ?? "", Role = run.Get(Role), ExpiresMs = expires }, cancellationToken: token);
        if (run.Json)
        {
            CommandRun.Print(new { made.Key.Id, key = made.Text, made.Key.Name, made.Key.Tenant, made.Key.Role, made.Key.CreatedMs, made.Key.ExpiresMs });
        }
        else
        {
            run.Say($"Key {made.Key.Id} for tenant '{made.Key.Tenant}', role {made.Key.Role}. It is shown this once:");
            run.Answer.WriteLine(made.Text);
        }

        return ExitCodes.Success;
    }

    private static async Task<int> ListAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var keys = (await Client(session).ListKeysAsync(new ListKeysRequest(), cancellationToken: token)).Keys;
        if (run.Json)
        {
            CommandRun.Print(new { keys = keys.Select(Of) });
            return ExitCodes.Success;
        }

        var table = new Table().AddColumns("id", "name", "tenant", "role", "state", "created", "expires");
        foreach (var key in keys)
            table.AddRow(new[] { key.Id, key.Name, key.Tenant, key.Role, key.State, Day(key.CreatedMs), Day(key.ExpiresMs) }.Select(Markup.Escape).ToArray());
        run.Answer.Write(table);
        return ExitCodes.Success;
    }

    private static async Task<int> RevokeAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var key = await Client(session).RevokeKeyAsync(new RevokeKeyRequest { Id = run.Get(Id) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(Of(key));
        else
            run.Say($"Key {key.Id} ('{key.Name}') is revoked: at once here, within two seconds in every other process.");
        return ExitCodes.Success;
    }

    private static async Task<int> RotateAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var reply = await Client(session).RotateMasterKeyAsync(new RotateMasterKeyRequest(), cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { reply.MasterKey, reply.Rewrapped, reply.OldKeysDropped });
        else
            run.Say($"{reply.Rewrapped} keys are wrapped by master key {reply.MasterKey} now; {(reply.OldKeysDropped ? "the old one is gone" : "the old ones may be removed from Sealing:OtherMasterKeys")}.");
        return ExitCodes.Success;
    }

    private static Access.AccessClient Client(HostSession session) => new(session.Invoker);

    private static object Of(Key key) => new { key.Id, key.Name, key.Tenant, key.Role, key.State, key.CreatedMs, key.CreatedBy, key.ExpiresMs, key.RevokedMs };

    private static string Day(long ms) => ms == 0 ? "-" : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
