using System.Reflection;
using Xunit;

namespace Platform.TestHost;

/// <summary>The fixtures of one test class: made once, handed to its constructors, disposed after its last test.</summary>
internal sealed class Fixtures : IAsyncDisposable
{
    private readonly Dictionary<Type, object> made = [];

    /// <summary>A constructor argument: the test output, a class or collection fixture, or an error that names what is missing.</summary>
    public async Task<object> GetAsync(Type parameter)
    {
        if (parameter == typeof(ITestOutputHelper))
            return new ConsoleOutput();
        if (made.TryGetValue(parameter, out var known))
            return known;
        var fixture = Activator.CreateInstance(parameter)
            ?? throw new InvalidOperationException($"The fixture {parameter} cannot be made.");
        if (fixture is IAsyncLifetime lifetime)
            await lifetime.InitializeAsync();
        return made[parameter] = fixture;
    }

    /// <summary>Makes an instance of the test class through its one public constructor.</summary>
    public async Task<object> CreateAsync(Type type)
    {
        var constructor = type.GetConstructors().FirstOrDefault()
            ?? throw new InvalidOperationException($"The test class {type} has no public constructor.");
        var arguments = new List<object?>();
        foreach (var parameter in constructor.GetParameters())
            arguments.Add(parameter.HasDefaultValue ? parameter.DefaultValue : await GetAsync(parameter.ParameterType));
        return constructor.Invoke([.. arguments]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var fixture in made.Values)
            await ReleaseAsync(fixture);
    }

    /// <summary>Disposes what a test or fixture holds, the asynchronous way when it has one.</summary>
    public static async Task ReleaseAsync(object? instance)
    {
        if (instance is IAsyncDisposable later)
            await later.DisposeAsync();
        else if (instance is IDisposable now)
            now.Dispose();
    }

    private sealed class ConsoleOutput : ITestOutputHelper
    {
        public string Output => "";

        public void Write(string message) => Console.Write(message);

        public void Write(string format, params object[] args) => Console.Write(format, args);

        public void WriteLine(string message) => Console.WriteLine(message);

        public void WriteLine(string format, params object[] args) => Console.WriteLine(format, args);
    }
}
