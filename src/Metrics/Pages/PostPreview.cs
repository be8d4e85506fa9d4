using Grpc.Core;
using Platform.V1;

namespace Platform.Metrics.Pages;

/// <summary>What a platform says of a text, and how it would be posted there: as it is, as a thread, or cut.</summary>
/// <param name="Check">Length, limit and problems as the platform counts.</param>
/// <param name="Parts">The posts that it would become; empty when nothing fits.</param>
/// <param name="Note">How it was made to fit, in words; empty when it fits as it is.</param>
public sealed record PostPreview(ContentCheck Check, IReadOnlyList<string> Parts, string Note)
{
    /// <summary>Asks content. What is wrong with a platform or text is the answer's problem.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="platform">Platform.</param>
    /// <param name="text">The text.</param>
    /// <param name="threads">Most parts that it may have as a thread; 0 when it is to be one text.</param>
    internal static async Task<Answer<PostPreview>> AskAsync(ConsoleCaller caller, string platform, string text, int threads)
    {
        var check = await caller.AskAsync(o => caller.Maya.CheckContentAsync(new CheckContentRequest { Platform = platform, Text = text, ThreadParts = threads }, o));
        if (check.Value is not { } said)
            return new Answer<PostPreview>(null, check.Problem, check.Code);
        if (threads == 0 && said.Length <= said.Limit)
            return Fitted(said, [text], "");
        var thread = await FitAsync(caller, platform, text, asThread: true);
        if (thread.Count == 1)
            return Fitted(said, thread, "");
        if (thread.Count > 1 && thread.Count <= threads)
            return Fitted(said, thread, $"As a thread of {thread.Count} posts.");
        var cut = await FitAsync(caller, platform, text, asThread: false);
        var why = thread.Count == 0 ? "" : threads == 0 ? $" As a thread it would take {thread.Count} posts; it is to be one." : $" As a thread it would take {thread.Count} posts; it may have {threads}.";
        return cut.Count > 0 ? Fitted(said, cut, $"Cut to fit: what is not shown here is lost.{why}") : Fitted(said, [], $"Nothing of it fits without cutting through a link or mention.{why}");
    }

    private static Answer<PostPreview> Fitted(ContentCheck check, IReadOnlyList<string> parts, string note) => new(new PostPreview(check, parts, note), null, StatusCode.OK);

    /// <summary>The parts; none where the platform has no threads or nothing fits.</summary>
    private static async Task<IReadOnlyList<string>> FitAsync(ConsoleCaller caller, string platform, string text, bool asThread) =>
        (await caller.AskAsync(o => caller.Maya.FitAsync(new FitRequest { Platform = platform, Text = text, Thread = asThread }, o))).Value?.Parts ?? [];
}
