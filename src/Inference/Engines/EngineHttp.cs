using System.Net;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// HTTP towards an engine: pooled connections, HTTP/2 where the server speaks it, no redirects (they would carry the key away),
/// no cookies, no trace headers to third parties. Deadlines belong to the caller, so the client itself has none.
/// </summary>
internal static class EngineHttp
{
    /// <summary>Says who calls; a request without it may be refused at the edge.</summary>
    public const string UserAgent = "platform-inference/1.0";

    public static HttpClient Create(EngineEntry entry, SimulatorMark mark) => new(new EngineErrorHandler(entry.Name, mark, Pool(entry)))
    {
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        DefaultRequestHeaders = { { "User-Agent", UserAgent } },
    };

    /// <summary>Address of the list of models that needs no key.</summary>
    public static Uri PublicModels(EngineEntry entry) => new(Root(entry) + "/public/v1/models");

    /// <summary>Address of a route, whether or not the base address ends in <c>/v1</c>.</summary>
    public static Uri Route(EngineEntry entry, string path) => new(Root(entry) + "/v1" + path);

    /// <summary>Base address without <c>/v1</c> and without a slash at its end.</summary>
    public static string Root(EngineEntry entry)
    {
        var root = entry.BaseUrl.AbsoluteUri.TrimEnd('/');
        return root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^3].TrimEnd('/') : root;
    }

    private static SocketsHttpHandler Pool(EngineEntry entry) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        MaxConnectionsPerServer = Math.Max(entry.MaxConcurrency, 2) * 2,
    };
}

/// <summary>Turns refusals of a server into <see cref="EngineException"/>, for every protocol alike: body and headers are read here and nowhere else.</summary>
internal sealed class EngineErrorHandler(string engine, SimulatorMark mark, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int LongestErrorBody = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.Headers.Contains(SimulatorMark.Header))
            mark.Set();
        PacedCall.Current?.Observe(QuotaReading.From(response.Headers));
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw WireErrors.Of(engine, (int)response.StatusCode, await BodyAsync(response, cancellationToken), response.Headers);
    }

    /// <summary>An error page is read for what it says, but never more than is sensible, and a broken one is no second failure.</summary>
    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken token)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LongestErrorBody, token);
            return await response.Content.ReadAsStringAsync(token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return "";
        }
    }
}
