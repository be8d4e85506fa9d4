using Platform.Validation;

namespace Platform.Inference;

/// <summary>Proposes edits that worked before on the same error. The fix engine verifies each, so a near miss does no harm.</summary>
internal sealed class MemoryFixes(PatternMemory memory)
{
    /// <summary>Name of the source in fix steps.</summary>
    public const string Name = "memory";

    /// <summary>The source, for the tenant of a job.</summary>
    public IFixSource For(JobRun run) => new Source(memory, run);

    private sealed class Source(PatternMemory memory, JobRun run) : IFixSource
    {
        public string Name => MemoryFixes.Name;

        public async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
        {
            var lines = context.File.Text.Split('\n');
            var at = context.Error.Line - 1;
            if (at < 0 || at >= lines.Length)
                return [];
            var known = await memory.FindFixesAsync(run, context.File.Language, context.Error.Code, context.Error.Message, lines[at].Trim(), token);
            return [.. known.Fixes.Select(fix => new KnownEdit(fix.Before, fix.After, fix.Explanation, fix.SuccessRate).Apply(context)).OfType<FixCandidate>()];
        }
    }
}
