using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One way to compress messages, known on the wire by its name.</summary>
public interface ICompressionProvider
{
    /// <summary>The name that travels in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <summary>Wraps a stream so that what is written to it arrives compressed; the wrapped stream stays open.</summary>
    /// <param name="stream">Where the compressed bytes go.</param>
    /// <param name="compressionLevel">How hard to try; null for the provider's own level.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>Wraps a stream so that reading it yields the original bytes.</summary>
    /// <param name="stream">Where the compressed bytes come from.</param>
    Stream CreateDecompressionStream(Stream stream);
}

/// <summary>Compression with <c>gzip</c>, which every gRPC implementation has.</summary>
/// <param name="defaultCompressionLevel">The level for calls that choose none.</param>
public sealed class GzipCompressionProvider(CompressionLevel defaultCompressionLevel) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => "gzip";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? defaultCompressionLevel, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) => new GZipStream(stream, CompressionMode.Decompress);
}

/// <summary>Compression with what HTTP calls <c>deflate</c>: deflate within the zlib format, not bare.</summary>
/// <param name="defaultCompressionLevel">The level for calls that choose none.</param>
public sealed class DeflateCompressionProvider(CompressionLevel defaultCompressionLevel) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => "deflate";

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new ZLibStream(stream, compressionLevel ?? defaultCompressionLevel, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) => new ZLibStream(stream, CompressionMode.Decompress);
}
