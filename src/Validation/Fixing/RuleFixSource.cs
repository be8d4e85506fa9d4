using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;

namespace Platform.Validation;

/// <summary>Fixes known by rule, without memory or engine.</summary>
internal sealed class RuleFixSource(ValidationOptions options) : IFixSource
{
    // The errors of one state are asked about one after the other; they share the compilation.
    private readonly Lock gate = new();
    private (IReadOnlyList<SourceFile> Files, IReadOnlyList<SourceFile> Tests, CSharpCompilation Compilation)? last;

    /// <summary>The name in fix steps.</summary>
    public const string SourceName = "rule";

    public string Name => SourceName;

    public Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token) => context.File.Language switch
    {
        // Too deep to be parsed: what was compiled is not the file.
        "csharp" when context.Files.Any(f => BracketDepth.Exceeds(f.Text)) => Task.FromResult<IReadOnlyList<FixCandidate>>([]),
        "csharp" => Task.Run(() => CSharpFixRules.Propose(context, Compile(context, token), token), token),
        "python" => PythonFixes.ProposeAsync(context, options, token),
        "javascript" or "typescript" => ScriptsAsync(context, token),
        _ => Task.FromResult<IReadOnlyList<FixCandidate>>([]),
    };

    // A pattern that takes too long on odd code costs the proposals, and never the whole fix.
    private async Task<IReadOnlyList<FixCandidate>> ScriptsAsync(FixContext context, CancellationToken token)
    {
        try
        {
            return await ScriptFixes.ProposeAsync(context, options, token);
        }
        catch (RegexMatchTimeoutException)
        {
            return [];
        }
    }

    private CSharpCompilation Compile(FixContext context, CancellationToken token)
    {
        lock (gate)
        {
            if (last is { } known && ReferenceEquals(known.Files, context.Files) && known.Tests.Count == context.Tests.Count)
                return known.Compilation;
        }
        var compilation = CSharpFault.Compile(context, options, token);
        lock (gate)
            last = (context.Files, context.Tests, compilation);
        return compilation;
    }
}
