using System.Collections.Concurrent;

namespace Platform.Inference;

/// <summary>Limits the calls that this process has open at an engine's model.</summary>
internal sealed class EngineGates
{
    private readonly ConcurrentDictionary<(string Engine, string Model), SemaphoreSlim> gates = new();

    /// <summary>Waits for a free place; dispose the result when the call is over.</summary>
    public async Task<IDisposable> EnterAsync(Engine engine, string model, CancellationToken token)
    {
        var gate = gates.GetOrAdd((engine.Name, model), static (_, most) => new SemaphoreSlim(most), engine.Entry.MaxConcurrency);
        await gate.WaitAsync(token);
        return new Place(gate);
    }

    private sealed class Place(SemaphoreSlim gate) : IDisposable
    {
        private SemaphoreSlim? held = gate;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
