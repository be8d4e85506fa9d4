using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>
/// Breaks right code in many realistic ways, fixes it by rule, and prints by kind how much compiles again and passes its tests.
/// <c>fixes DATA.jsonl [--per-kind N] [--seed S] [--kind TEXT] [--part K/N] [--combine N] [--show] [--markdown]</c>
/// </summary>
internal static class FixRows
{
    private static readonly Mutator[] Mutators = [.. TokenMutators.All, .. NameMutators.All, .. MeaningMutators.All, .. DeclarationMutators.All, .. HabitMutators.All, .. SlipMutators.All, .. TypeMutators.All, .. MemberMutators.All, .. ForeignMutators.All, .. EverydayMutators.All, .. LaterMutators.All, .. BroadMutators.All, .. UnseenMutators.All];
    private static readonly TestRunner Runner = new(new SandboxOptions());
    private static readonly CodeValidator Validator = new(new ValidationOptions());

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: fixes DATA.jsonl [--per-kind N] [--seed S] [--kind TEXT] [--part K/N] [--combine N] [--show] [--markdown]; each line {slug,reference,tests,extra}");
            return 2;
        }
        var perKind = int.Parse(Value(args, "--per-kind") ?? "4", CultureInfo.InvariantCulture);
        var seed = int.Parse(Value(args, "--seed") ?? "1", CultureInfo.InvariantCulture);
        var exercises = FixSamples.All.Concat(Exercise.Read(args[0])).ToList();
        var combine = int.Parse(Value(args, "--combine") ?? "1", CultureInfo.InvariantCulture);
        var kinds = Part(Mutators.Where(m => Value(args, "--kind") is not { } only || m.Kind.Contains(only, StringComparison.Ordinal)), Value(args, "--part"));
        await WarmAsync(exercises[0]);
        var cases = new List<FixCase>();
        foreach (var (kind, broken) in combine > 1 ? Combined(kinds, exercises, combine, perKind, seed) : kinds.SelectMany(m => Broken(m, exercises, perKind, seed).Select(b => (m.Kind, b))))
        {
            var done = await FixAsync(kind, broken.Exercise, broken.Text);
            cases.Add(done);
            // A long run that is cut off has said this much.
            Console.Error.WriteLine($"fixes: {cases.Count(c => c.Passes)} of {cases.Count} pass, last {kind}");
            if (args.Contains("--show") && !done.Passes)
                Show(broken.Exercise, broken.Text, done);
        }
        FixTable.Print(cases, args.Contains("--markdown"), "C#");
        return 0;
    }

    private static async Task WarmAsync(Exercise exercise)
    {
        for (var i = 0; i < 3; i++)
            await new FixEngine(Validator).FixAsync(new FixRequest(exercise.With(exercise.Code.Text.Replace("public int", "publc int", StringComparison.Ordinal) + "\nclass W { int A() => Lenght; }" + i)), default);
    }

    // Every N-th kind, so that a long table can be measured in pieces.
    internal static List<T> Part<T>(IEnumerable<T> kinds, string? part)
    {
        if (part?.Split('/') is not [var which, var all])
            return [.. kinds];
        var (k, n) = (int.Parse(which, CultureInfo.InvariantCulture), int.Parse(all, CultureInfo.InvariantCulture));
        return [.. kinds.Where((_, i) => i % n == k % n)];
    }

    // The same seed gives the same cases; a break that still compiles is none.
    private static IEnumerable<(Exercise Exercise, string Text)> Broken(Mutator mutator, List<Exercise> exercises, int count, int seed)
    {
        var random = new Random(HashCode(mutator.Kind) ^ seed);
        return exercises.OrderBy(_ => random.Next()).ToList().SelectMany(e => Edits(mutator, e, random).Take(3).Select(edit => (e, Changed(e, edit))).Where(b => IsBroken(b.e, b.Item2)).Take(1)).Take(count);
    }

    // Several mistakes in one file, of kinds drawn at random.
    private static IEnumerable<(string Kind, (Exercise Exercise, string Text))> Combined(List<Mutator> kinds, List<Exercise> exercises, int mistakes, int count, int seed)
    {
        var random = new Random(seed);
        for (var made = 0; made < count;)
        {
            var exercise = exercises[random.Next(exercises.Count)];
            var edits = new List<TextChange>();
            for (int tried = 0, found = 0; tried < 60 && found < mistakes; tried++)
            {
                var edit = Edits(kinds[random.Next(kinds.Count)], exercise, random).FirstOrDefault();
                if (edit is null || edit.Any(c => c.Span.Length > exercise.Code.Text.Length / 2 || edits.Any(e => e.Span.Start <= c.Span.End && c.Span.Start <= e.Span.End)) || !IsBroken(exercise, Changed(exercise, edit)))
                    continue;
                edits.AddRange(edit);
                found++;
            }
            if (!IsBroken(exercise, Changed(exercise, [.. edits])))
                continue;
            made++;
            yield return ($"{mistakes} mistakes", (exercise, Changed(exercise, [.. edits])));
        }
    }

    private static IEnumerable<TextChange[]> Edits(Mutator mutator, Exercise exercise, Random random)
    {
        if (!exercise.IsSound)
            return [];
        var tree = CSharpCompiler.Parse(exercise.Code.Path, exercise.Code.Text);
        var compilation = exercise.Right;
        var own = compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == exercise.Code.Path && t.Length == tree.Length);
        return own is null ? [] : mutator.Find(new Site((CompilationUnitSyntax)own.GetRoot(), compilation.GetSemanticModel(own), random)).ToList().OrderBy(_ => random.Next());
    }

    private static string Changed(Exercise exercise, TextChange[] edit) => SourceText.From(exercise.Code.Text).WithChanges(edit.OrderBy(c => c.Span.Start)).ToString();

    private static bool IsBroken(Exercise exercise, string text) => text != exercise.Code.Text && exercise.Errors(text) > 0;

    private static async Task<FixCase> FixAsync(string kind, Exercise exercise, string text)
    {
        var (clock, work) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var blind = await new FixEngine(Validator).FixAsync(new FixRequest(exercise.With(text)), default);
        var (ms, cpu) = (clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - work).TotalMilliseconds);
        var (compiles, passes) = await JudgeAsync(exercise, blind.Files[0].Text);
        var done = new FixCase(kind, ms, cpu, blind.Candidates, blind.ErrorsAfter == 0, passes, compiles, passes, blind);
        if (passes || exercise.Tests.Count == 0)
            return done;
        var tested = await new FixEngine(Validator, Runner).FixAsync(new FixRequest(exercise.With(text)) { Tests = exercise.Tests }, default);
        return done with { Compiles = exercise.Errors(tested.Files[0].Text) == 0, Passes = tested.Fixed, Result = tested };
    }

    // Token for token the original: it passes as the original does. Else the tests are run.
    private static async Task<(bool Compiles, bool Passes)> JudgeAsync(Exercise exercise, string text)
    {
        if (Tokens(text) == Tokens(exercise.Code.Text))
            return (true, true);
        if (exercise.Errors(text) > 0)
            return (false, false);
        var report = await Runner.RunAsync(new TestRun("csharp", exercise.With(text), exercise.Tests, new TestLimits { Time = TimeSpan.FromSeconds(20) }), default);
        return (true, report.Outcome == TestOutcome.Passed);
    }

    private static string Tokens(string text) => string.Join(' ', ((CompilationUnitSyntax)CSharpCompiler.Parse("a.cs", text).GetRoot()).Members.SelectMany(m => m.DescendantTokens()).Select(t => t.Text));

    private static void Show(Exercise exercise, string broken, FixCase done)
    {
        Console.WriteLine($"--- {done.Kind} in {exercise.Name}: own {done.OwnCompiles}, compiles {done.Compiles}, {done.Ms:F0} ms, {done.CpuMs:F0} ms of a processor, {done.Candidates} candidates");
        Console.WriteLine(UnifiedDiff.Of("break", exercise.Code.Text, broken));
        foreach (var error in exercise.Compile(broken).GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Take(4))
            Console.WriteLine("    " + error);
        foreach (var step in done.Result.Steps)
            Console.WriteLine($"    > {step.Error} => {step.Fix}");
        if (done.Result.Tests is { } tests)
            Console.WriteLine($"    tests: {tests.Outcome} {tests.Reason}");
    }

    private static int HashCode(string text) => text.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));

    internal static string? Value(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
