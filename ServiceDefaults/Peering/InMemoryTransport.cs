using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Platform.ServiceDefaults.Peering;

/// <summary>
/// Lets Kestrel listen inside the process, so that a module calls another through the same server, key check, deadlines and
/// errors as over the network, without a port. One per host: two hosts in one process do not see each other.
/// </summary>
public sealed class InMemoryTransport : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly ConcurrentDictionary<string, Place> _places = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool CanBind(EndPoint endpoint) => endpoint is InMemoryEndPoint;

    /// <inheritdoc />
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var place = (InMemoryEndPoint)endpoint;
        var listener = new Listener(place);
        if (!PlaceOf(place).Listener.TrySetResult(listener))
            throw new AddressInUseException($"Something listens on {place} already.");
        return ValueTask.FromResult<IConnectionListener>(listener);
    }

    /// <summary>
    /// Connects to a place. A place that nobody listens on yet is waited for: background work starts before the server does.
    /// </summary>
    /// <exception cref="IOException">The server there has stopped.</exception>
    public async ValueTask<Stream> ConnectAsync(InMemoryEndPoint place, CancellationToken token)
    {
        var listener = await PlaceOf(place).Listener.Task.WaitAsync(token);
        return listener.Connect();
    }

    private Place PlaceOf(InMemoryEndPoint place) => _places.GetOrAdd(place.Name, static _ => new Place());

    private sealed class Place
    {
        public TaskCompletionSource<Listener> Listener { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Listener(InMemoryEndPoint place) : IConnectionListener
    {
        private readonly Channel<ConnectionContext> _waiting = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint => place;

        public Stream Connect()
        {
            var connection = InMemoryConnection.Create(place);
            return _waiting.Writer.TryWrite(connection) ? connection.Client : throw new IOException($"The server at {place} has stopped.");
        }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _waiting.Reader.WaitToReadAsync(cancellationToken) && _waiting.Reader.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            _waiting.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public async ValueTask DisposeAsync()
        {
            _waiting.Writer.TryComplete();
            while (_waiting.Reader.TryRead(out var connection))
                await connection.DisposeAsync();
        }
    }
}
