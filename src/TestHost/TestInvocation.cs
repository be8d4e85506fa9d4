using System.Reflection;
using Xunit;
using Xunit.Sdk;

namespace Platform.TestHost;

/// <summary>One call of one test method on a fresh instance of its class.</summary>
internal static class TestInvocation
{
    /// <summary>Runs to the end or throws what the test threw; <paramref name="timeoutMs"/> 0 means none beyond the run's own.</summary>
    public static async Task RunAsync(Type type, MethodInfo method, object?[] arguments, Fixtures fixtures, int timeoutMs)
    {
        var instance = method.IsStatic ? null : await fixtures.CreateAsync(type);
        try
        {
            if (instance is IAsyncLifetime lifetime)
                await lifetime.InitializeAsync();
            var closed = method.IsGenericMethodDefinition ? method.MakeGenericMethod(method.ResolveGenericTypes(arguments)) : method;
            var running = AwaitAsync(closed.Invoke(instance, closed.ResolveMethodArguments(arguments)));
            await (timeoutMs > 0 ? running.WaitAsync(TimeSpan.FromMilliseconds(timeoutMs)) : running);
        }
        finally
        {
            await Fixtures.ReleaseAsync(instance);
        }
    }

    private static async Task AwaitAsync(object? result)
    {
        if (result is Task task)
            await task;
        else if (result is ValueTask value)
            await value;
        else if (result?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
            await (Task)type.GetMethod("AsTask")!.Invoke(result, null)!;
    }
}
