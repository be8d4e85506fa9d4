using Platform.V1;

namespace Platform.Patterns;

/// <summary>An edit that answered an error.</summary>
internal sealed record LearnedFix(string Code, string Signature, string Before, string After, string Explanation, bool Worked, bool FromMemory)
{
    /// <summary>Shape of the offending syntax.</summary>
    public string Shape { get; } = SyntaxShape.Of(Before);

    /// <summary>Whether somebody said what was wrong and why the edit mends it.</summary>
    public bool IsExplained => !Explanation.StartsWith(FixReader.Unexplained, StringComparison.Ordinal);
}

/// <summary>Reads fixes out of the attempts of a job: the error that sent one back, and the lines that changed in the next.</summary>
internal static class FixReader
{
    /// <summary>Begins what stands in the place of an explanation.</summary>
    public const string Unexplained = "It answered: ";

    private const string Passed = "passed";
    private const string FromMemory = "memory";
    private const int MaxExplanation = 2_000;

    public static IReadOnlyList<LearnedFix> Read(JobResult result)
    {
        var fixes = new List<LearnedFix>();
        for (var i = 0; i + 1 < result.Attempts.Count; i++)
        {
            var (failed, next) = (result.Attempts[i], result.Attempts[i + 1]);
            if (failed.Error.Length == 0 || failed.Code.Length == 0 || next.Code.Length == 0 || FixEdit.Between(failed.Code, next.Code) is not { } edit)
                continue;
            var code = ErrorSignature.CodeOf(failed.Error);
            var signature = ErrorSignature.Of(code, failed.Error);
            var worked = next.Outcome == Passed || (next.Error.Length > 0 && ErrorSignature.Of(ErrorSignature.CodeOf(next.Error), next.Error) != signature);
            fixes.Add(new LearnedFix(code, signature, edit.Before, edit.After, Explain(failed, next), worked, next.Source == FromMemory));
        }

        return fixes;
    }

    /// <summary>What the step that made the edit said of it; where nobody said anything, what it answered.</summary>
    private static string Explain(Attempt failed, Attempt next)
    {
        var said = next.Explanation.Trim();
        return said.Length == 0 ? $"{Unexplained}{FirstLine(failed.Error)}" : said[..Math.Min(said.Length, MaxExplanation)];
    }

    private static string FirstLine(string text) => text.AsSpan().Trim() is var t && t.IndexOf('\n') is var at and >= 0 ? t[..at].ToString() : text.Trim();
}
