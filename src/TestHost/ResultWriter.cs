using System.Text;
using System.Text.Json;

namespace Platform.TestHost;

/// <summary>Writes one JSON line per event, each behind the secret, and flushes at once: a crash must not lose what is known.</summary>
internal sealed class ResultWriter(Stream stream, string secret) : IDisposable
{
    private readonly Lock gate = new();

    /// <summary>A test is about to run; if nothing follows, it is the one that crashed or hung.</summary>
    public void Start(string name) => Write(w =>
    {
        w.WriteString("event", "start");
        w.WriteString("name", name);
    });

    /// <summary>A test has ended; <paramref name="line"/> is the line of the test file that failed, 0 when unknown.</summary>
    public void End(string name, bool passed, string? message, int line, bool skipped = false) => Write(w =>
    {
        w.WriteString("event", skipped ? "skip" : "end");
        w.WriteString("name", name);
        w.WriteBoolean("passed", passed);
        if (message is not null)
            w.WriteString("message", message.Length > 4000 ? message[..4000] : message);
        w.WriteNumber("line", line);
    });

    /// <summary>The probes of the code that were reached.</summary>
    public void Reached(IEnumerable<int> probes) => Write(w =>
    {
        w.WriteString("event", "coverage");
        w.WriteStartArray("reached");
        foreach (var probe in probes)
            w.WriteNumberValue(probe);
        w.WriteEndArray();
    });

    /// <summary>Nothing could be run, and why.</summary>
    public void Missing(string message) => Write(w =>
    {
        w.WriteString("event", "missing");
        w.WriteString("message", message);
    });

    /// <summary>Everything ran; without this line the run counts as crashed.</summary>
    public void Done(string printed) => Write(w =>
    {
        w.WriteString("event", "done");
        w.WriteString("printed", printed);
    });

    private void Write(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        buffer.Write(Encoding.UTF8.GetBytes("\n" + secret));
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }
        buffer.WriteByte((byte)'\n');
        lock (gate)
        {
            stream.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
            stream.Flush();
        }
    }

    public void Dispose() => stream.Dispose();
}
