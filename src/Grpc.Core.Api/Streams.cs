using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>How one message is sent.</summary>
[Flags]
public enum WriteFlags
{
    /// <summary>The message may wait in a buffer for the next one.</summary>
    BufferHint = 1,

    /// <summary>The message is sent uncompressed although the call compresses.</summary>
    NoCompress = 2,
}

/// <summary>Options for the messages written from now on.</summary>
public class WriteOptions
{
    /// <summary>Options without any flag.</summary>
    public static readonly WriteOptions Default = new();

    /// <summary>Creates options.</summary>
    /// <param name="flags">How messages are sent.</param>
    public WriteOptions(WriteFlags flags = default) => Flags = flags;

    /// <summary>How messages are sent.</summary>
    public WriteFlags Flags { get; }
}

/// <summary>A stream of received messages. One reader at a time.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAsyncStreamReader<out T>
{
    /// <summary>The message that the last <see cref="MoveNext"/> brought.</summary>
    T Current { get; }

    /// <summary>Waits for the next message.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False after the last message of a call that ended well.</returns>
    /// <exception cref="RpcException">The call ended badly.</exception>
    Task<bool> MoveNext(CancellationToken cancellationToken);
}

/// <summary>A stream of messages to send. One write at a time.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options for the next writes; null stands for those of the call.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends a message; the task ends when the transport has taken it.</summary>
    /// <param name="message">The message.</param>
    Task WriteAsync(T message);

    /// <summary>Sends a message unless cancelled. A writer that cannot be cancelled accepts only a token that cannot be either.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Gives up sending; the call may end with it.</param>
    /// <exception cref="NotSupportedException">This writer cannot be cancelled.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException($"{GetType()} cannot cancel a write; pass no token.")
            : WriteAsync(message);
}

/// <summary>The requests of a streaming client; the client says when there are no more.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that the last request is written.</summary>
    Task CompleteAsync();
}

/// <summary>The responses of a streaming server; they end when its handler returns.</summary>
/// <typeparam name="T">The message type.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}

/// <summary>Shorter ways to read a stream.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Waits for the next message, without a way to give up.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="streamReader">The stream.</param>
    public static Task<bool> MoveNext<T>(this IAsyncStreamReader<T> streamReader)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return streamReader.MoveNext(CancellationToken.None);
    }

    /// <summary>Reads the stream to its end with <c>await foreach</c>.</summary>
    /// <typeparam name="T">The message type.</typeparam>
    /// <param name="streamReader">The stream.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return EnumerateAsync(streamReader, cancellationToken);
    }

    private static async IAsyncEnumerable<T> EnumerateAsync<T>(
        IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await streamReader.MoveNext(cancellationToken))
            yield return streamReader.Current;
    }
}
