namespace Grpc.Core;

/// <summary>What a client may choose for one call. A value: each <c>With</c> method returns a changed copy.</summary>
public struct CallOptions
{
    /// <summary>Creates options; whatever is left out takes the channel's default.</summary>
    /// <param name="headers">Request headers.</param>
    /// <param name="deadline">The instant, in UTC, at which the call is given up.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="writeOptions">How requests are sent.</param>
    /// <param name="propagationToken">What to inherit from the call being served.</param>
    /// <param name="credentials">Credentials for this call alone.</param>
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>Request headers.</summary>
    public Metadata? Headers { get; private set; }

    /// <summary>The instant, in UTC, at which the call is given up; null for never.</summary>
    public DateTime? Deadline { get; private set; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>How requests are sent.</summary>
    public WriteOptions? WriteOptions { get; private set; }

    /// <summary>What to inherit from the call being served.</summary>
    public ContextPropagationToken? PropagationToken { get; private set; }

    /// <summary>Credentials for this call alone.</summary>
    public CallCredentials? Credentials { get; private set; }

    /// <summary>Whether the call waits for an unreachable server instead of failing at once.</summary>
    public bool IsWaitForReady { get; private set; }

    /// <summary>A copy with these request headers.</summary>
    /// <param name="headers">Request headers.</param>
    public readonly CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>A copy with this deadline.</summary>
    /// <param name="deadline">The instant in UTC.</param>
    public readonly CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>A copy with this token.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public readonly CallOptions WithCancellationToken(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };

    /// <summary>A copy with these write options.</summary>
    /// <param name="writeOptions">How requests are sent.</param>
    public readonly CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>A copy that inherits from the call being served.</summary>
    /// <param name="propagationToken">What to inherit.</param>
    public readonly CallOptions WithPropagationToken(ContextPropagationToken propagationToken) => this with { PropagationToken = propagationToken };

    /// <summary>A copy with these credentials.</summary>
    /// <param name="credentials">Credentials for this call alone.</param>
    public readonly CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>A copy that waits, or does not wait, for an unreachable server.</summary>
    /// <param name="waitForReady">Whether to wait.</param>
    public readonly CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}
