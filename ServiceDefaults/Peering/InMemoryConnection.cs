using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Platform.ServiceDefaults.Peering;

/// <summary>Kestrel's side of a connection that is two pipes; <see cref="Client"/> is the other side.</summary>
internal sealed class InMemoryConnection : DefaultConnectionContext
{
    // A slow reader holds the writer back, as a socket's buffers would.
    private static readonly PipeOptions Options = new(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19, useSynchronizationContext: false);
    private static long _last;

    private readonly CancellationTokenSource _closed = new();
    private int _ended;

    private InMemoryConnection(InMemoryEndPoint place, Pipe toServer, Pipe toClient)
    {
        ConnectionId = string.Create(CultureInfo.InvariantCulture, $"{place.Name}-{Interlocked.Increment(ref _last)}");
        LocalEndPoint = place;
        RemoteEndPoint = place;
        ConnectionClosed = _closed.Token;
        Transport = new Duplex(toServer.Reader, toClient.Writer);
        Client = new DuplexPipeStream(toClient.Reader, toServer.Writer, () => End(null));
    }

    /// <summary>The client's side.</summary>
    public Stream Client { get; }

    /// <summary>Makes both sides.</summary>
    public static InMemoryConnection Create(InMemoryEndPoint place) => new(place, new Pipe(Options), new Pipe(Options));

    /// <inheritdoc />
    public override void Abort(ConnectionAbortedException abortReason) => End(abortReason);

    /// <inheritdoc />
    public override async ValueTask DisposeAsync()
    {
        await Transport.Input.CompleteAsync();
        await Transport.Output.CompleteAsync();
        End(null);
    }

    /// <summary>Tells Kestrel that the connection is over; a read that waits gives up, as it does when a socket is reset.</summary>
    private void End(Exception? reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        if (reason is not null)
        {
            Transport.Input.CancelPendingRead();
            Transport.Output.CancelPendingFlush();
        }

        // On the pool: those who listen may want locks that the caller holds.
        ThreadPool.UnsafeQueueUserWorkItem(static closed => closed.Cancel(), _closed, preferLocal: false);
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
