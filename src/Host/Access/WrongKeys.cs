using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Options;
using Platform.Privacy;

namespace Platform.Host;

/// <summary>
/// Counts wrong keys by the address they come from, a minute at a time. Guessing 256 bits is hopeless anyway; this keeps a flood of guesses off
/// the store and puts it on record.
/// </summary>
internal sealed partial class WrongKeys(IOptions<AccessOptions> options, TimeProvider time, ILogger<WrongKeys> log, AuditLog? audit = null)
{
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<IPAddress, Tally> _tallies = new();
    private long _recordedTicks;

    /// <summary>Whether an address has used up its wrong keys of this minute.</summary>
    public bool IsOver(IPAddress? address) =>
        _tallies.TryGetValue(address ?? IPAddress.None, out var tally) && time.GetUtcNow() - tally.Start < Window && Volatile.Read(ref tally.Count) >= options.Value.WrongKeysPerMinute;

    /// <summary>Counts a wrong key; gives how long the address has to wait, zero while it is within its limit.</summary>
    public async Task<TimeSpan> CountAsync(IPAddress? address, CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (_tallies.Count >= MostAddresses)
            Prune(now);
        var tally = _tallies.AddOrUpdate(address ?? IPAddress.None, _ => new Tally(now), (_, old) => now - old.Start < Window ? old : new Tally(now));
        var count = Interlocked.Increment(ref tally.Count);
        if (count <= options.Value.WrongKeysPerMinute)
            return TimeSpan.Zero;
        await RecordAsync(now, token);
        return Window - (now - tally.Start);
    }

    /// <summary>One entry a minute at most: a flood of wrong keys must not become a flood of entries. No address: entries hold ids only.</summary>
    private async Task RecordAsync(DateTimeOffset now, CancellationToken token)
    {
        var last = Interlocked.Read(ref _recordedTicks);
        if (now.UtcTicks - last < Window.Ticks || Interlocked.CompareExchange(ref _recordedTicks, now.UtcTicks, last) != last)
            return;
        LogTooMany(options.Value.WrongKeysPerMinute);
        if (audit is not null)
            await audit.AppendAsync(new AuditEntry("", "", AuditActions.KeysRefused, "", $"limit={options.Value.WrongKeysPerMinute}"), token);
    }

    private void Prune(DateTimeOffset now)
    {
        foreach (var (address, tally) in _tallies)
        {
            if (now - tally.Start >= Window)
                _tallies.TryRemove(address, out _);
        }

        if (_tallies.Count >= MostAddresses)
            _tallies.Clear();
    }

    private sealed class Tally(DateTimeOffset start)
    {
        public int Count;

        public DateTimeOffset Start => start;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "More than {Limit} wrong keys came from one address within a minute; it must wait.")]
    private partial void LogTooMany(int limit);
}
