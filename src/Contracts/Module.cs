using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Platform.Contracts;

/// <summary>
/// One module as the host sees it: a name, what it adds, what it maps and what it consumes.
/// The host owns nothing but the list of these.
/// </summary>
/// <param name="Name">Name on <c>--modules</c> and in <c>Peers:NAME</c>, lower case.</param>
/// <param name="Purpose">One line for <c>--list-modules</c>.</param>
public sealed record Module(string Name, string Purpose)
{
    /// <summary>Registers options, stores, core and background work.</summary>
    public required Action<IHostApplicationBuilder> Add { get; init; }

    /// <summary>Maps gRPC services and HTTP routes; empty for a module without doors.</summary>
    public Action<WebApplication> Map { get; init; } = static _ => { };

    /// <summary>Registers bus consumers; empty for a module that consumes nothing.</summary>
    public Action<IBusRegistrationConfigurator> Consume { get; init; } = static _ => { };
}
