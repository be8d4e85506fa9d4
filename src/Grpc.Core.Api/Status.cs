namespace Grpc.Core;

/// <summary>The outcome of a call, with the numbers that travel in the <c>grpc-status</c> trailer.</summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by its caller.</summary>
    Cancelled = 1,

    /// <summary>The cause is not known, for example an exception that nobody translated.</summary>
    Unknown = 2,

    /// <summary>The request is wrong whatever state the server is in.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended; the server may still have done the work.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>The thing to be created exists already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known, but is not allowed to do this.</summary>
    PermissionDenied = 7,

    /// <summary>A quota or another limited resource is used up.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in the state that the request needs; repeating it unchanged is useless.</summary>
    FailedPrecondition = 9,

    /// <summary>A concurrent change got in the way; repeat the whole transaction.</summary>
    Aborted = 10,

    /// <summary>The request reaches past the end of a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this method, or has it switched off.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the server is broken.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached or refuses work at the moment; repeating later may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or corrupt beyond recovery.</summary>
    DataLoss = 15,

    /// <summary>The caller has no valid credentials.</summary>
    Unauthenticated = 16,
}

/// <summary>A <see cref="Core.StatusCode"/> with its explanation.</summary>
public struct Status
{
    /// <summary>A success without detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>A cancellation without detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>Creates a status that has no local cause.</summary>
    /// <param name="statusCode">The outcome.</param>
    /// <param name="detail">What the other side may read about it.</param>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Creates a status together with its local cause.</summary>
    /// <param name="statusCode">The outcome.</param>
    /// <param name="detail">What the other side may read about it.</param>
    /// <param name="debugException">The local cause; it is never sent.</param>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>The outcome.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>What the other side may read about the outcome.</summary>
    public string Detail { get; }

    /// <summary>The local cause where there is one; it stays on this side of the wire.</summary>
    public Exception? DebugException { get; }

    /// <summary>Renders code, detail and cause on one line, the form that <see cref="RpcException"/> shows.</summary>
    public override readonly string ToString()
    {
        var cause = DebugException is null ? "" : $", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\"";
        return $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\"{cause})";
    }
}
