using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>An engine that can be asked: what configuration says of it, and the client that speaks its protocol.</summary>
/// <param name="Entry">Name, models, prices, limits.</param>
/// <param name="Client">The client; the model comes with each request.</param>
/// <param name="Http">Its connections.</param>
/// <param name="Mark">Set once a simulator answered.</param>
internal sealed record Engine(EngineEntry Entry, IChatClient Client, HttpClient Http, SimulatorMark Mark)
{
    /// <summary>Whether it is a simulator: declared, or known from its answers.</summary>
    public bool Simulated => Entry.Simulated || Mark.IsSet;

    /// <summary>Configured name.</summary>
    public string Name => Entry.Name;
}

/// <summary>Remembers that an engine's answers carry the header by which a simulator says what it is.</summary>
internal sealed class SimulatorMark
{
    /// <summary>The header.</summary>
    public const string Header = "x-platform-simulator";

    private volatile bool set;

    public bool IsSet => set;

    public void Set() => set = true;
}

/// <summary>A protocol that engines speak. A new kind of engine is one class of these and one configuration entry.</summary>
internal interface IEngineProtocol
{
    /// <summary>The kind of engine it speaks to.</summary>
    EngineKind Kind { get; }

    /// <summary>A client for one engine; failures come as <see cref="EngineException"/>.</summary>
    IChatClient Create(EngineEntry entry, HttpClient http);
}

/// <summary>The engines of this process, each with one pooled HTTP client for its lifetime.</summary>
internal sealed class EnginePool : IDisposable
{
    private readonly List<HttpClient> clients = [];
    private readonly Dictionary<string, Engine> engines = new(StringComparer.Ordinal);

    public EnginePool(EngineCatalog catalog, IEnumerable<IEngineProtocol> protocols)
    {
        Catalog = catalog;
        var byKind = protocols.ToDictionary(protocol => protocol.Kind);
        foreach (var entry in catalog.Engines.Where(entry => entry.Enabled))
        {
            if (entry.Kind != EngineKind.OpenAi && entry.ApiKey.IsEmpty)
                throw new InvalidOperationException($"Engines:{entry.Name}:ApiKey is empty but Engines:{entry.Name}:Enabled is 'true'; give the key to the processes that run the inference module.");
            var mark = new SimulatorMark();
            var http = EngineHttp.Create(entry, mark);
            clients.Add(http);
            engines.Add(entry.Name, new Engine(entry, byKind[entry.Kind].Create(entry, http), http, mark));
        }
    }

    /// <summary>What configuration says.</summary>
    public EngineCatalog Catalog { get; }

    /// <summary>All of them.</summary>
    public IEnumerable<Engine> All => engines.Values;

    /// <summary>Engines of an approach in the order in which they are asked, beginning with the one that the route names.</summary>
    public IReadOnlyList<Engine> Chain(string approach, string tenant, string kind, string first) =>
        [.. Catalog.Chain(approach, tenant, kind).Select(entry => engines[entry.Name]).OrderBy(engine => engine.Name == first ? 0 : 1)];

    public void Dispose()
    {
        foreach (var engine in engines.Values)
            engine.Client.Dispose();
        clients.ForEach(client => client.Dispose());
    }
}
