using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Platform.Validation;
using Languages = Platform.Validation.Languages;

namespace Platform.Cli.Commands;

/// <summary>Gives the memory what came of a fix: edits that were verified, and those that were tried and did not help. Without a memory, or while another process has it, nothing is kept.</summary>
internal static class TriedFixes
{
    private const int MostFixes = 50;

    /// <summary>Keeps the edits of a result.</summary>
    /// <param name="run">The command.</param>
    /// <param name="result">What came of the fix.</param>
    /// <param name="kept">The folder's own tests still pass, as far as that is known.</param>
    /// <param name="token">Stops.</param>
    /// <returns>How many edits were new to the memory or were counted.</returns>
    public static async Task<int> KeepAsync(CommandRun run, FixResult result, bool kept, CancellationToken token)
    {
        // Nothing that was not verified to the end is told as a success; a body that only throws is no fix.
        var verified = result.Fixed ? result.Steps.Where(step => !step.Placeholder).Select(step => Of(step, worked: kept)) : [];
        var request = new LearnFixesRequest();
        request.Fixes.AddRange(verified.Concat(result.Rejected.Select(step => Of(step, worked: false))).OfType<TriedFix>().Take(MostFixes));
        if (request.Fixes.Count == 0)
            return 0;
        try
        {
            await using var memory = await Memory.TryOpenAsync(run, token);
            return memory is null ? 0 : (await memory.LearnFixesAsync(request, token)).Learned;
        }
        catch (Exception e) when (e is RpcException or StoreCorruptException)
        {
            // The fix is what was asked for; that it is not remembered is worth a word and no more.
            run.Say($"the memory did not keep the edits: {(e is RpcException refused ? refused.Status.Detail : e.Message)}");
            return 0;
        }
    }

    private static TriedFix? Of(FixStep step, bool worked) => FixEdit.Between(step.Before, step.After) is not { } edit || step.Source == "engine" || !step.Teaches ? null : new TriedFix
    {
        Language = Languages.FromPath(step.Path),
        Code = step.Code,
        Error = step.Error,
        Before = edit.Before,
        After = edit.After,
        Explanation = step.Explanation,
        Worked = worked,
        FromMemory = step.Source == "memory",
        Occasion = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(step.Before))),
    };
}
