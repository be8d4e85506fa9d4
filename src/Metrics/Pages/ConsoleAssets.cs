using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Platform.Metrics.Pages;

/// <summary>Style, script and icon. They travel inside the assembly, so that they are there wherever the output is started from.</summary>
internal static class ConsoleAssets
{
    private static readonly IReadOnlyDictionary<string, ConsoleAsset> Assets = new[]
    {
        new ConsoleAsset("console.css", "text/css; charset=utf-8"),
        new ConsoleAsset("console.js", "text/javascript; charset=utf-8"),
        new ConsoleAsset("icon.svg", "image/svg+xml"),
    }.ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Address of an asset; it changes with its content.</summary>
    public static string Address(string name) => $"/console/{Assets[name].Version}/{name}";

    /// <summary>Answers with an asset, for good.</summary>
    public static IResult Serve(string name, HttpContext context)
    {
        if (!Assets.TryGetValue(name, out var asset))
            return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(asset.Bytes, asset.ContentType);
    }

    /// <summary>A file inside this assembly.</summary>
    private sealed class ConsoleAsset
    {
        public ConsoleAsset(string name, string contentType)
        {
            (Name, ContentType) = (name, contentType);
            using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream($"console/{name}")
                ?? throw new InvalidOperationException($"The console's asset '{name}' is not in {typeof(ConsoleAssets).Assembly.GetName().Name}.");
            Bytes = new byte[stream.Length];
            stream.ReadExactly(Bytes);
            Version = Convert.ToHexStringLower(SHA256.HashData(Bytes))[..12];
        }

        public string Name { get; }

        public string ContentType { get; }

        public byte[] Bytes { get; }

        public string Version { get; }
    }
}
