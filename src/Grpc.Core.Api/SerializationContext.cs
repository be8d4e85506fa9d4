using System.Buffers;

namespace Grpc.Core;

/// <summary>
/// Where a message is written when it is sent. A marshaller hands over one array, or announces a length, fills the buffer writer and completes.
/// The members throw until the transport overrides them.
/// </summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message.</summary>
    /// <param name="payload">The bytes; they must not change afterwards.</param>
    public virtual void Complete(byte[] payload) => throw Unsupported(nameof(Complete));

    /// <summary>The writer for the message's bytes, valid until <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw Unsupported(nameof(GetBufferWriter));

    /// <summary>Announces the length before the first byte, so that the transport need not buffer to learn it.</summary>
    /// <param name="payloadLength">Bytes that will be written, no more and no fewer.</param>
    public virtual void SetPayloadLength(int payloadLength) => throw Unsupported(nameof(SetPayloadLength));

    /// <summary>Says that everything is in the buffer writer.</summary>
    public virtual void Complete() => throw Unsupported(nameof(Complete));

    private NotImplementedException Unsupported(string member) => new($"{GetType()} does not support {member}.");
}

/// <summary>Where a received message is read; valid only while the marshaller runs.</summary>
public abstract class DeserializationContext
{
    /// <summary>The message's length in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message as an array that the caller owns.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw Unsupported(nameof(PayloadAsNewBuffer));

    /// <summary>The message without a copy; the bytes belong to the transport.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw Unsupported(nameof(PayloadAsReadOnlySequence));

    private NotImplementedException Unsupported(string member) => new($"{GetType()} does not support {member}.");
}
