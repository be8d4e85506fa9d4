using Platform.Patterns;
using Platform.Tests.Patterns;
using Platform.V1;
using Platform.Validation;
using Shouldly;
using SourceFile = Platform.Validation.SourceFile;

namespace Platform.Tests.Validation;

/// <summary>Edits that worked before: found again, placed where the error is now, and verified like any other.</summary>
public sealed class KnownEditSpec
{
    private const string Broken = "public static class Rates\n{\n    public static int Of(string name) => Zqxwvu.Plmokn(name);\n\n    public static int Default() => 3;\n}\n";
    private const string Mended = "public static class Rates\n{\n    public static int Of(string name) => name.Length * Default();\n\n    public static int Default() => 3;\n}\n";
    private const string SameMistake = "namespace Shop\n{\n    public static class Prices\n    {\n        public static int Default() => 5;\n\n        public static int Of(string name) => Zqxwvu.Plmokn(name);\n    }\n}\n";

    private static FixContext At(string text, int line) => new([SourceFile.FromPath("a.cs", text)], SourceFile.FromPath("a.cs", text), new CodeDiagnostic("CS0103", line, 1, "", Severity.Error));

    [Fact]
    public void Apply_WholeLines_TakeTheIndentationOfTheirNewPlace()
    {
        var edit = new KnownEdit("  return Foo(x);", "  var y = Foo(x);\n  return y;", "", 1);

        edit.Apply(At("class A\n{\n        return Foo(x);\n}\n", 3))!.Text.ShouldBe("class A\n{\n        var y = Foo(x);\n        return y;\n}\n");
    }

    [Fact]
    public void Apply_OtherLines_GivesNothing() =>
        new KnownEdit("return Foo(x);", "return Bar(x);", "", 1).Apply(At("class A\n{\n    return Baz(x);\n}\n", 3)).ShouldBeNull();

    [Fact]
    public void Apply_ImportsOnly_GoToTheTop() =>
        new KnownEdit("", "using System.Text;", "", 1).Apply(At("using System;\n\nclass A { }\n", 3))!.Text.ShouldBe("using System;\nusing System.Text;\n\nclass A { }\n");

    [Fact]
    public async Task LearnedFix_SameErrorAgain_IsFixedFromMemoryWithoutAnEngine()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        var error = await FirstErrorAsync(Broken);
        var job = Jobs.Succeeded("j1", "Give the rate of a name", Mended);
        job.Request.Language = "csharp";
        job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "invalid", Source = "engine", Error = error, Code = Broken });
        job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = "passed", Source = "engine", Code = Mended });
        var alone = await new FixEngine(new CodeValidator(new ValidationOptions())).FixAsync(new FixRequest([SourceFile.FromPath("Prices.cs", SameMistake)]), default);

        await memory.LearnAsync(job, default);
        var engine = new FixEngine(new CodeValidator(new ValidationOptions()), before: [new FromMemory(memory)]);
        var result = await engine.FixAsync(new FixRequest([SourceFile.FromPath("Prices.cs", SameMistake)]), default);

        alone.Fixed.ShouldBeFalse();
        (result.Fixed, result.Steps.Single().Source).ShouldBe((true, "memory"));
        result.Files[0].Text.ShouldContain("        public static int Of(string name) => name.Length * Default();");
    }

    [Fact]
    public async Task FailedFix_IsRememberedAndNotProposedAgain()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        var error = await FirstErrorAsync(Broken);
        var job = Jobs.Succeeded("j1", "Give the rate of a name", Mended);
        job.Request.Language = "csharp";
        job.Result.Attempts.Add(new Attempt { Number = 1, Outcome = "invalid", Source = "engine", Error = error, Code = Broken });
        job.Result.Attempts.Add(new Attempt { Number = 2, Outcome = "invalid", Source = "engine", Error = error, Code = Broken.Replace("Zqxwvu", "Zqxwvv", StringComparison.Ordinal) });
        job.Result.Attempts.Add(new Attempt { Number = 3, Outcome = "passed", Source = "engine", Code = Mended });

        await memory.LearnAsync(job, default);
        var found = await memory.FindFixesAsync(new FindFixesRequest { Language = "csharp", Message = error, Top = 10 }, default);

        found.Fixes.ShouldNotBeEmpty();
        found.Fixes.ShouldAllBe(fix => !fix.After.Contains("Zqxwvv") && fix.Successes > 0);
    }

    private static async Task<string> FirstErrorAsync(string code)
    {
        var report = await new CodeValidator(new ValidationOptions()).ValidateAsync([SourceFile.FromPath("a.cs", code)], default);
        var error = report.Files[0].Errors.First();
        return $"a.cs({error.Line},{error.Column}): {error.Code}: {error.Message}";
    }

    private sealed class FromMemory(PatternLibrary memory) : IFixSource
    {
        public string Name => "memory";

        public async Task<IReadOnlyList<FixCandidate>> ProposeAsync(FixContext context, CancellationToken token)
        {
            var found = await memory.FindFixesAsync(new FindFixesRequest { Language = context.File.Language, Code = context.Error.Code, Message = context.Error.Message }, token);
            return [.. found.Fixes.Select(f => new KnownEdit(f.Before, f.After, f.Explanation, 1).Apply(context)).OfType<FixCandidate>()];
        }
    }
}
