using Microsoft.AspNetCore.Http;

namespace Platform.Simulator.Http;

/// <summary>The newest calls, bounded by count and by characters, with counters over all calls.</summary>
internal sealed class CallLog(int capacity, TimeProvider clock)
{
    /// <summary>Bound in characters over all kept calls, so that 10 MiB bodies cannot fill the memory.</summary>
    private const long MaxCharacters = 64 << 20;

    private static readonly HashSet<string> Secrets = new(StringComparer.OrdinalIgnoreCase) { "authorization", "x-api-key", "api-key", "cookie", "proxy-authorization" };

    private readonly Queue<SimulatedCall> calls = new();
    private readonly Lock gate = new();
    private long total;
    private long active;
    private long aborted;
    private long characters;

    public long Total => Interlocked.Read(ref total);

    public long Active => Interlocked.Read(ref active);

    public long Aborted => Interlocked.Read(ref aborted);

    public bool Keeps => capacity > 0;

    public IReadOnlyList<SimulatedCall> Snapshot()
    {
        lock (gate)
            return [.. calls];
    }

    public SimulatedCall Begin(SimulatorEngine engine, HttpRequest request)
    {
        Interlocked.Increment(ref active);
        var call = new SimulatedCall(Interlocked.Increment(ref total), engine, request.Path.Value ?? "", clock.GetUtcNow(), Keeps ? Headers(request) : new Dictionary<string, string>());
        if (Keeps)
        {
            lock (gate)
                calls.Enqueue(call);
        }

        return call;
    }

    /// <summary>Closes a call, counts its texts and drops the oldest calls when there are too many.</summary>
    public void End(SimulatedCall call, bool clientLeft)
    {
        call.Aborted = clientLeft;
        call.Completed = true;
        if (clientLeft)
            Interlocked.Increment(ref aborted);
        Trim(call);
        Interlocked.Decrement(ref active);
    }

    private void Trim(SimulatedCall call)
    {
        if (!Keeps)
            return;
        lock (gate)
        {
            if (call.Dropped)
                return;
            call.CountedSize = call.Size;
            characters += call.CountedSize;
            while (calls.Count > 1 && (calls.Count > capacity || characters > MaxCharacters))
            {
                var oldest = calls.Dequeue();
                oldest.Dropped = true;
                characters -= oldest.CountedSize;
            }
        }
    }

    private static Dictionary<string, string> Headers(HttpRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Headers)
        {
            if (!Secrets.Contains(name))
                headers[name.ToLowerInvariant()] = value.ToString();
        }

        return headers;
    }
}
