using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Platform.Simulator.Http;

/// <summary>Builds one server-sent event after the other in one reused buffer.</summary>
internal sealed class SseBuffer : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(512);
    private readonly Utf8JsonWriter json;

    public SseBuffer() => json = new Utf8JsonWriter(buffer, JsonText.Options);

    /// <summary>Starts an event; the caller writes its JSON.</summary>
    public Utf8JsonWriter Open(string? eventName = null)
    {
        buffer.ResetWrittenCount();
        if (eventName is not null)
        {
            Write("event: "u8);
            Encoding.UTF8.GetBytes(eventName, buffer);
            Write("\n"u8);
        }

        Write("data: "u8);
        json.Reset(buffer);
        return json;
    }

    /// <summary>Ends the event. The bytes are valid until the next <see cref="Open"/>.</summary>
    public ReadOnlyMemory<byte> Close()
    {
        json.Flush();
        Write("\n\n"u8);
        return buffer.WrittenMemory;
    }

    public ReadOnlyMemory<byte> Raw(ReadOnlySpan<byte> text)
    {
        buffer.ResetWrittenCount();
        Write(text);
        return buffer.WrittenMemory;
    }

    public void Dispose() => json.Dispose();

    private void Write(ReadOnlySpan<byte> text) => buffer.Write(text);
}
