namespace Platform.Contracts;

/// <summary>What the bus of this process promises; the bus switch says so once.</summary>
/// <param name="IsDurable">
/// Whether a message that was handed over survives the death of every process. An in-memory bus does not: then one process is
/// the whole system, and what it had handed over must be handed over again when it starts anew.
/// </param>
public sealed record BusTraits(bool IsDurable);
