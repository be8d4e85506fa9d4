using System.Collections.Concurrent;

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

    /// <summary>Watches a message no longer.</summary>
    public void Forget(Guid message) => _awaited.TryRemove(message, out _);

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
