using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace Platform.Contracts.Engines;

/// <summary>
/// The engines that configuration describes and the order in which each approach asks them. Router and workers read the
/// same sections, so that a route names what a worker will ask.
/// </summary>
public sealed class EngineCatalog
{
    /// <summary>What to do when no engine is usable; ends every <c>no_engine</c> message.</summary>
    public const string HowToConfigure =
        "Set Engines:Cerebras:ApiKey or Engines:Claude:ApiKey (environment: Engines__Cerebras__ApiKey), "
        + "or Engines:NAME:Kind=openai with Engines:NAME:BaseUrl and Engines:NAME:Models:Quality for a local server.";

    private readonly FrozenDictionary<string, IReadOnlyList<string>> chains;
    private readonly FrozenDictionary<string, IReadOnlyList<string>> allowed;

    internal EngineCatalog(IReadOnlyList<EngineEntry> engines, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> chains, IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> allowed)
    {
        Engines = engines;
        this.chains = chains.ToFrozenDictionary(StringComparer.Ordinal);
        this.allowed = allowed.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every engine described, usable or not, by name.</summary>
    public IReadOnlyList<EngineEntry> Engines { get; }

    /// <summary>Whether any engine is usable at all.</summary>
    public bool IsEmpty => !Engines.Any(engine => engine.Enabled);

    /// <summary>
    /// Reads <c>Engines</c>, <c>Inference:Chains</c> and <c>Inference:AllowedEngines</c>. <c>Cerebras</c> and <c>Claude</c>
    /// have built-in defaults and are usable as soon as a key is given.
    /// </summary>
    /// <exception cref="InvalidOperationException">A value is wrong; the message names the key, the value found and a good value.</exception>
    public static EngineCatalog Read(IConfiguration configuration) => EngineCatalogReader.Read(configuration);

    /// <summary>An engine by name, whether usable or not; null when nobody described it.</summary>
    public EngineEntry? Find(string name) => Engines.FirstOrDefault(engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Usable engines of an approach in the order in which they are asked, limited to those the tenant accepts
    /// (<c>Inference:AllowedEngines:TENANT</c>; absent means all). It never mixes real engines with simulated ones:
    /// whatever the first is, all are. Empty for <see cref="Approaches.Pattern"/>, which asks nobody.
    /// </summary>
    /// <param name="approach">One of <see cref="Approaches"/>.</param>
    /// <param name="tenant">Whose text it is.</param>
    /// <param name="kind">Leaves out engines that do not answer this kind of job; null asks for any kind.</param>
    public IReadOnlyList<EngineEntry> Chain(string approach, string tenant, string? kind = null)
    {
        if (!chains.TryGetValue(approach, out var names))
            return [];
        var usable = names.Select(Find).OfType<EngineEntry>().Where(engine => engine.Enabled && Accepts(tenant, engine.Name) && (kind is null || engine.Kinds.Contains(kind))).ToList();
        return usable.Count == 0 ? [] : [.. usable.Where(engine => engine.Simulated == usable[0].Simulated)];
    }

    /// <summary>Whether a tenant lets its text go to an engine.</summary>
    public bool Accepts(string tenant, string engine) =>
        !allowed.TryGetValue(tenant, out var names) || names.Contains(engine, StringComparer.OrdinalIgnoreCase);
}
