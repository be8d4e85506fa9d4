using System.Collections.Concurrent;

namespace Platform.Inference;

/// <summary>The pace of every model that this process asks.</summary>
internal sealed class EnginePaces(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Engine, string Model), Lazy<ModelPace>> paces = new();

    /// <summary>The pace of one model.</summary>
    public ModelPace Of(Engine engine, string model) => paces.GetOrAdd((engine.Name, model), _ => new Lazy<ModelPace>(() => new ModelPace(engine, time))).Value;

    public void Dispose()
    {
        foreach (var pace in paces.Values.Where(pace => pace.IsValueCreated))
            pace.Value.Dispose();
    }
}
