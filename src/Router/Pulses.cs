using Platform.Storage;

namespace Platform.Router;

/// <summary>The two loops that can be woken: jobs to send, outbox rows to publish.</summary>
internal sealed class Pulses : IDisposable
{
    public Pulse Jobs { get; } = new();

    public Pulse Outbox { get; } = new();

    public void Dispose()
    {
        Jobs.Dispose();
        Outbox.Dispose();
    }
}
