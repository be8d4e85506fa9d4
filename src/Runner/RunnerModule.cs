using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Validation;

namespace Platform.Runner;

/// <summary>The runner's door: generated code runs behind it, in a sandbox, in a process that holds no secret.</summary>
public static class RunnerModule
{
    /// <summary>How the host sees it.</summary>
    public static readonly Module Module = new(ModuleNames.Runner, "runs generated code and its tests in a sandbox; holds no secret")
    {
        Add = AddRunner,
        Map = static app => app.MapGrpcService<RunnerGrpc>(),
    };

    private static void AddRunner(IHostApplicationBuilder builder)
    {
        builder.Services.AddSettings<RunnerOptions>("Runner");
        builder.Services.AddSingleton(services => new TestRunner(new SandboxOptions
        {
            AllowUnsandboxed = services.GetRequiredService<IOptions<RunnerOptions>>().Value.AllowUnsandboxed,
            HiddenPaths = [AppContext.BaseDirectory, Environment.CurrentDirectory],
        }));
        builder.Services.AddSingleton<RunSlots>().AddHostedService<SandboxAtStart>();
    }
}

/// <summary>Bounds how many runs there are at a time, over all calls.</summary>
internal sealed class RunSlots(IOptions<RunnerOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(options.Value.Concurrency);

    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken token)
    {
        await _slots.WaitAsync(token);
        try
        {
            return await work();
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();
}
