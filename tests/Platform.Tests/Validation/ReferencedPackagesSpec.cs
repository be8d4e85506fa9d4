using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSubstitute;
using Platform.Validation;
using Shouldly;

namespace Platform.Tests.Validation;

/// <summary>Code that is compiled against the assemblies of packages, alone and with its tests.</summary>
public sealed class ReferencedPackagesSpec : IDisposable
{
    private static readonly SourceFile Shop = new("Shop.cs", "csharp", "using Goods;\npublic class Shop { public int Price(Money m) => m.Amount; }\n");
    private static readonly SourceFile Tests = new("ShopTests.cs", "csharp", "using Xunit;\nusing Goods;\npublic class ShopTests { [Fact] public void Price() => Assert.Equal(3, new Shop().Price(new Money())); }\n");
    private readonly string folder = Directory.CreateTempSubdirectory("platform-packages-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task PackageOfAnAssemblyOfTheFramework_IsLeftOut()
    {
        var package = Build("System.Text.Json", "namespace System.Text.Json; public static class JsonSerializer { public static string Serialize(object value) => \"\"; }");

        var report = await new CodeValidator(new ValidationOptions { References = [package] }).ValidateAsync([new("A.cs", "csharp", "class A { string M() => System.Text.Json.JsonSerializer.Serialize(1); }")], Token);

        report.Files[0].Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task CodeAndTestsThatUseAPackage_HaveNoFault()
    {
        var validator = new CodeValidator(new ValidationOptions { References = [Goods()] });

        (await new FaultFinder(validator, []).FindAsync([Shop], [Tests], Token)).Faults.ShouldBeEmpty();
        var context = new FixContext([Shop], Shop, new CodeDiagnostic("CS0246", 1, 7, "", Severity.Error)) { Tests = [Tests] };
        CSharpFault.Compile(context, validator.Options, Token).GetDiagnostics(Token).ShouldNotContain(d => d.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task TestsThatCannotBeCompiledWithoutThePackage_AreUnchecked()
    {
        var runner = Substitute.For<ITestRunner>();
        runner.RunAsync(default!, default).ReturnsForAnyArgs(new TestReport(TestOutcome.Failed, 0, 0, [], "", "Code and tests do not compile: CS0246", 1));

        var result = await new FixEngine(new CodeValidator(new ValidationOptions { References = [Goods()] }), runner).FixAsync(new FixRequest([Shop]) { Tests = [Tests] }, Token);

        (result.Fixed, result.Diff, result.Tests!.Outcome).ShouldBe((false, "", TestOutcome.Unchecked));
        result.Tests.Reason!.ShouldContain("uses packages");
    }

    private string Goods() => Build("Goods", "namespace Goods; public class Money { public int Amount => 3; }");

    private string Build(string name, string code)
    {
        var path = Path.Combine(folder, name + ".dll");
        var references = CSharpReferences.Framework.Where(r => Path.GetFileNameWithoutExtension(r.Display) != name);
        CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code, cancellationToken: Token)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path, cancellationToken: Token).Success.ShouldBeTrue();
        return path;
    }
}
