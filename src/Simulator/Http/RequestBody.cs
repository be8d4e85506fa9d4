using System.Buffers;
using System.IO.Compression;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Platform.Simulator.Http;

/// <summary>Reads a request body within a size, also a gzip one; says what is wrong instead of throwing.</summary>
internal static class RequestBody
{
    /// <summary>The largest body in bytes, before and after decompression: 32 MiB, the limit of the Messages API.</summary>
    public const int MaxBytes = 32 << 20;

    public static async Task<(byte[] Bytes, Refusal? Refusal, string Detail)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
            return ([], Refusal.BadRequest, $": Content-Encoding '{encoding}' is not supported; send identity or gzip");
        var bytes = await ReadRawAsync(request, cancellationToken);
        if (bytes is not null && encoding == "gzip")
        {
            try
            {
                bytes = Unzip(bytes);
            }
            catch (InvalidDataException failure)
            {
                return ([], Refusal.BadRequest, $": Invalid gzip body: {failure.Message}");
            }
        }

        if (bytes is null)
            return ([], Refusal.TooLarge, $"Request body exceeds {MaxBytes} bytes");
        return Utf8.IsValid(bytes) ? (bytes, null, "") : (bytes, Refusal.BadRequest, ": Invalid JSON: the body is not valid UTF-8");
    }

    private static async Task<byte[]?> ReadRawAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxBytes)
                return null;
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static byte[]? Unzip(byte[] packed)
    {
        using var source = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var target = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int count; (count = source.Read(block)) > 0;)
        {
            target.Write(block, 0, count);
            if (target.Length > MaxBytes)
                return null;
        }

        return target.ToArray();
    }
}
