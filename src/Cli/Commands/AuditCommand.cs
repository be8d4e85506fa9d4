using System.CommandLine;
using Grpc.Core;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform audit verify|list</c>.</summary>
internal static class AuditCommand
{
    private static readonly Option<long> After = new("--after") { Description = "Number of the last entry that is known." };
    private static readonly Option<long> Limit = new("--limit") { Description = "Most entries; 0 means all." };

    public static Command Create() => new("audit", "Checks and shows the audit log.")
    {
        CommandRun.Bind(new Command("verify", "Follows the chain to its signed head; exit code 1 when something was changed, removed or moved."), VerifyAsync),
        CommandRun.Bind(new Command("list", "Entries, oldest first; with --json one line each, for an archive.") { After, Limit }, ListAsync),
    };

    private static async Task<int> VerifyAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var found = await new Access.AccessClient(session.Invoker).VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: token);
        if (run.Json)
        {
            CommandRun.Print(new { found.Ok, found.Entries, found.Signed, found.Anchored, found.Head, found.PublicKey, found.Problems });
        }
        else
        {
            foreach (var problem in found.Problems)
                run.Answer.WriteLine(problem);
            run.Say($"{found.Entries} entries, {(found.Ok ? "nothing wrong" : $"{found.Problems.Count} problems")}; "
                + $"{(found.Signed ? "the head is signed" : "UNCHECKED: the head bears no signature")}, {(found.Anchored ? "the vault vouches for its length" : "UNCHECKED: no vault vouches for its length")}.");
        }

        return found.Ok ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> ListAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        using var call = new Access.AccessClient(session.Invoker).ListAudit(new ListAuditRequest { After = run.Get(After), Limit = run.Get(Limit) }, cancellationToken: token);
        await foreach (var entry in call.ResponseStream.ReadAllAsync(token))
        {
            if (run.Json)
                CommandRun.Print(new { entry.Seq, entry.AtMs, entry.Tenant, entry.Actor, entry.Action, entry.Target, entry.Detail, entry.Previous, entry.Hash });
            else
                run.Answer.WriteLine($"{entry.Seq,6} {DateTimeOffset.FromUnixTimeMilliseconds(entry.AtMs):u} {entry.Tenant} {(entry.Actor.Length == 0 ? "-" : entry.Actor)} {entry.Action} {entry.Target} {entry.Detail}");
        }

        return ExitCodes.Success;
    }
}
