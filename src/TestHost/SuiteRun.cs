using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Platform.TestHost;

/// <summary>
/// Finds and runs the xunit tests of an assembly: facts, theories with any data attribute, class fixtures, async lifetimes.
/// The attributes and their data are xunit's own; only the running is ours, because the full runner takes longer to start than the tests to run.
/// </summary>
internal sealed class SuiteRun(ResultWriter output)
{
    private bool failed;

    /// <summary>Runs every test in file order; true when one failed.</summary>
    public async Task<bool> RunAsync(Assembly suite)
    {
        foreach (var type in suite.GetTypes().Where(t => t is { IsClass: true, ContainsGenericParameters: false } && (!t.IsAbstract || t.IsSealed)))
        {
            var methods = Tests(type);
            if (methods.Count > 0)
                await RunClassAsync(type, methods);
        }
        return failed;
    }

    private static List<(MethodInfo Method, IFactAttribute Fact)> Tests(Type type) =>
    [
        .. from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
           let fact = method.GetCustomAttributes().OfType<IFactAttribute>().FirstOrDefault()
           where fact is not null
           orderby fact.SourceLineNumber, method.MetadataToken
           select (method, fact),
    ];

    private async Task RunClassAsync(Type type, List<(MethodInfo Method, IFactAttribute Fact)> methods)
    {
        await using var fixtures = new Fixtures();
        foreach (var (method, fact) in methods)
        {
            var name = $"{type.FullName}.{method.Name}";
            if (fact.Skip is { } reason)
                output.End(name, true, reason, 0, skipped: true);
            else
                await RunMethodAsync(type, method, fact, name, fixtures);
        }
    }

    private async Task RunMethodAsync(Type type, MethodInfo method, IFactAttribute fact, string name, Fixtures fixtures)
    {
        IReadOnlyList<TheoryRow> rows;
        try
        {
            rows = await TheoryRow.OfAsync(method, fact);
        }
        catch (Exception e)
        {
            Report(fact.DisplayName ?? name, e);
            return;
        }
        foreach (var row in rows)
        {
            var test = row.NameOf(fact.DisplayName ?? name);
            if (row.Skip is { } reason)
                output.End(test, true, reason, 0, skipped: true);
            else
                await RunOneAsync(test, type, method, row.Arguments, fixtures, fact);
        }
    }

    private async Task RunOneAsync(string name, Type type, MethodInfo method, object?[] arguments, Fixtures fixtures, IFactAttribute fact)
    {
        output.Start(name);
        try
        {
            await TestInvocation.RunAsync(type, method, arguments, fixtures, fact.Timeout);
            output.End(name, true, null, 0);
        }
        catch (Exception e) when (Failure.Unwrap(e) is SkipException || Failure.Unwrap(e).Message.StartsWith(DynamicSkipToken.Value, StringComparison.Ordinal))
        {
            output.End(name, true, Failure.Unwrap(e).Message.Replace(DynamicSkipToken.Value, ""), 0, skipped: true);
        }
        catch (Exception e)
        {
            Report(name, e);
        }
    }

    private void Report(string name, Exception exception)
    {
        failed = true;
        var failure = Failure.Of(exception);
        output.End(name, false, failure.Message, failure.Line);
    }
}
