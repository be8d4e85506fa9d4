using System.Runtime.CompilerServices;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>Some items of a batch.</summary>
/// <param name="First">Number of the first one, counted from 0.</param>
/// <param name="Items">The items.</param>
/// <param name="IsLast">Whether no item comes after them.</param>
internal sealed record BatchChunk(int First, IReadOnlyList<BatchItem> Items, bool IsLast);

/// <summary>Reads a batch some hundred items at a time, and holds it to its limits.</summary>
internal sealed class BatchChunks(RouterOptions limits)
{
    /// <summary>Most items of a chunk.</summary>
    public const int MostItems = 500;

    /// <summary>Bytes from which a chunk is full.</summary>
    private const long FullBytes = 8 * 1024 * 1024;
    private const int MaxId = 128;
    private readonly SeenIds _seen = new();
    private int _count;
    private long _bytes;

    /// <summary>The chunks, in order; at least one.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT that names the item, or the limit.</exception>
    public async IAsyncEnumerable<BatchChunk> ReadAsync(IAsyncEnumerable<BatchItem> items, [EnumeratorCancellation] CancellationToken token)
    {
        var (chunk, size) = (new List<BatchItem>(), 0L);
        await foreach (var item in items.WithCancellation(token))
        {
            if (chunk.Count == MostItems || size > FullBytes)
            {
                yield return new BatchChunk(_count - chunk.Count, chunk, IsLast: false);
                (chunk, size) = ([], 0);
            }

            size += Check(item);
            chunk.Add(item);
        }

        if (_count == 0)
            throw RequestRules.Refuse("the batch is empty; send at least one item.");
        yield return new BatchChunk(_count - chunk.Count, chunk, IsLast: true);
    }

    private long Check(BatchItem item)
    {
        var (row, bytes) = (_count++, item.CalculateSize());
        if (_count > limits.MaxBatchItems)
            throw RequestRules.Refuse($"the batch has more than {limits.MaxBatchItems:N0} items, which is the limit; nothing was stored. Split it.");
        if ((_bytes += bytes) > limits.MaxBatchBytes)
            throw RequestRules.Refuse($"the batch has more than {limits.MaxBatchBytes:N0} bytes, which is the limit (Router:MaxBatchBytes); nothing was stored. Split it.");
        if (item.Request is null)
            throw RequestRules.Refuse($"item {row}: request is missing.");
        if (item.CustomId.Length is 0 or > MaxId || !_seen.Add(item.CustomId))
            throw RequestRules.Refuse($"item {row}: custom_id '{RequestRules.Shorten(item.CustomId)}' must have 1 to {MaxId} characters and be unique in the batch.");
        return bytes;
    }
}
