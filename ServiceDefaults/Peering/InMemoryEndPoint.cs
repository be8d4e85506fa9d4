using System.Net;
using System.Net.Sockets;

namespace Platform.ServiceDefaults.Peering;

/// <summary>A place inside this process where Kestrel listens; nothing outside can reach it.</summary>
/// <param name="name">Name of the place, unique in the process.</param>
public sealed class InMemoryEndPoint(string name) : EndPoint
{
    /// <summary>The place of the modules of one host.</summary>
    public static readonly InMemoryEndPoint Platform = new("platform");

    /// <summary>Name of the place.</summary>
    public string Name { get; } = name;

    /// <summary>None. Kestrel asks for it once somebody listens to its metrics, and stops accepting when that throws.</summary>
    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is InMemoryEndPoint other && other.Name == Name;

    /// <inheritdoc />
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => $"in-memory:{Name}";
}
