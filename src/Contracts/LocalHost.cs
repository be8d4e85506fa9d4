namespace Platform.Contracts;

/// <summary>
/// Whether this host is an embedded one: every door on loopback and the rows in local files. Only then may a request name
/// a folder of the machine.
/// </summary>
/// <param name="IsLocal">True for an embedded host.</param>
public sealed record LocalHost(bool IsLocal);
