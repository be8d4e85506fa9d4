namespace Grpc.Core;

/// <summary>
/// A call that did not end with <see cref="StatusCode.OK"/>. A client catches it; a server handler throws it to choose the status
/// and the trailers that its caller sees.
/// </summary>
public class RpcException : Exception
{
    /// <summary>Creates the exception with the status as its message.</summary>
    /// <param name="status">How the call ended.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty)
    {
    }

    /// <summary>Creates the exception with a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="message">The local message; the other side sees the status only.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Creates the exception with trailers and the status as its message.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">Trailers received, or to be sent, with the status.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Creates the exception with trailers and a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">Trailers received, or to be sent, with the status.</param>
    /// <param name="message">The local message; the other side sees the status only.</param>
    /// <exception cref="ArgumentNullException"><paramref name="trailers"/> is null.</exception>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>Trailers received, or to be sent, with the status.</summary>
    public Metadata Trailers { get; }
}
