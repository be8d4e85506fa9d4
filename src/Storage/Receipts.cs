using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Storage;

/// <summary>
/// On a bus that ends with its process: which messages all their receivers have taken in. A later start hands over only the others, instead of everything that
/// was ever announced.
/// </summary>
/// <param name="receivers">How many receivers messages of a type have in this process.</param>
public sealed class Receipts(Func<Type, int> receivers)
{
    private readonly ConcurrentDictionary<Guid, Awaited> _awaited = new();

    /// <summary>Has a message watched that is about to be handed over.</summary>
    /// <param name="message">Its id.</param>
    /// <param name="taken">Called once, when the last receiver has taken it in.</param>
    public void Expect(Guid message, Action taken) => _awaited[message] = new Awaited(taken);

    /// <summary>Whether a receiver may still come to a message. After so long it is given up, as nobody in this process seems to receive it; it is watched no longer then.</summary>
    public bool Awaits(Guid message, TimeSpan longest)
    {
        if (!_awaited.TryGetValue(message, out var awaited))
            return false;
        if (Stopwatch.GetElapsedTime(awaited.Since) < longest)
            return true;
        _awaited.TryRemove(message, out _);
        return false;
    }

    /// <summary>A receiver has taken a message in, to the end.</summary>
    public void Take(Type type, Guid message, Uri receiver)
    {
        if (_awaited.TryGetValue(message, out var awaited) && awaited.Add(receiver) == receivers(type) && _awaited.TryRemove(message, out _))
            awaited.Taken();
    }

    private sealed class Awaited(Action taken)
    {
        private readonly HashSet<Uri> _receivers = [];

        public Action Taken => taken;

        public long Since { get; } = Stopwatch.GetTimestamp();

        public int Add(Uri receiver)
        {
            lock (_receivers)
            {
                _receivers.Add(receiver);
                return _receivers.Count;
            }
        }
    }
}
