using Platform.V1;
using Platform.Validation;

namespace Platform.Cli.Commands;

/// <summary>Edits that the data directory's memory knows for an error. Without a memory, or when it does not answer, there are none.</summary>
internal sealed class RememberedFixes(Memory memory) : IFixSource
{
    public string Name => "memory";

    public async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
    {
        var lines = context.File.Text.Split('\n');
        var at = context.Error.Line - 1;
        var request = new FindFixesRequest { Language = context.File.Language, Code = context.Error.Code, Message = context.Error.Message, Line = at >= 0 && at < lines.Length ? lines[at].Trim() : "" };
        var known = await memory.FindFixesAsync(request, token);
        return [.. known.Fixes.Select(fix => new KnownEdit(fix.Before, fix.After, fix.Explanation, fix.Successes / (double)Math.Max(1, fix.Successes + fix.Failures)).Apply(context)).OfType<FixCandidate>()];
    }
}
