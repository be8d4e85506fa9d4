using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Metrics.Pages;

/// <summary>
/// The web console: server-rendered pages with plain forms. Its few assets travel inside the assembly, so that they are there
/// wherever the output is started from.
/// </summary>
internal static class ConsolePages
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly IReadOnlyDictionary<string, ConsoleAsset> Assets = new[]
    {
        new ConsoleAsset("console.css", "text/css; charset=utf-8"),
        new ConsoleAsset("icon.svg", "image/svg+xml"),
    }.ToDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>Registers what the pages need.</summary>
    public static void AddConsolePages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddScoped<ConsoleCaller>();
    }

    /// <summary>Maps pages and assets.</summary>
    public static void MapConsolePages(this WebApplication app)
    {
        app.MapGet("/console/{version}/{name}", static (string name, HttpContext context) => Serve(name, context));
        app.MapRazorComponents<ConsoleApp>();
    }

    /// <summary>Address of an asset; it changes with its content, so that browsers may keep it for good.</summary>
    public static string Address(string name) => $"/console/{Assets[name].Version}/{name}";

    /// <summary>Headers of every page.</summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        // Both, as the forms' tokens want it.
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers.Pragma = "no-cache";
    }

    private static IResult Serve(string name, HttpContext context)
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
            using var stream = typeof(ConsolePages).Assembly.GetManifestResourceStream($"console/{name}")
                ?? throw new InvalidOperationException($"The console's asset '{name}' is not in {typeof(ConsolePages).Assembly.GetName().Name}.");
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
