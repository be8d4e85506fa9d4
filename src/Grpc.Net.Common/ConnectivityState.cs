namespace Grpc.Core;

/// <summary>Where a channel stands with its server.</summary>
public enum ConnectivityState
{
    /// <summary>Not connected, and nobody asked for it.</summary>
    Idle,

    /// <summary>Connecting.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Ready,

    /// <summary>Connecting failed; it is tried again after a pause.</summary>
    TransientFailure,

    /// <summary>The channel was shut down and never comes back.</summary>
    Shutdown,
}
