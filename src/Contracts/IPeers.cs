using Grpc.Core;

namespace Platform.Contracts;

/// <summary>
/// Finds the other modules. <c>Peers:NAME</c> gives an address; without one the module runs in this process and is
/// reached over the in-memory transport, so that authentication, deadlines and errors are the same either way.
/// </summary>
public interface IPeers
{
    /// <summary>An invoker that reaches the module and presents the service credential.</summary>
    /// <param name="module">One of <see cref="ModuleNames"/>.</param>
    CallInvoker For(string module);
}
