using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Host;

/// <summary>
/// The one place where a request gets its caller, for gRPC and HTTP alike. The tenant comes from the key; only a peer with
/// the service credential may say for which tenant it calls.
/// </summary>
internal sealed class KeyCheck(RequestDelegate next, IOptions<AccessOptions> options, ApiKeys? keys = null, WrongKeys? wrong = null)
{
    private const string NoKey = "A valid key is required: send 'authorization: Bearer KEY'.";
    private const string NoStore = "Keys cannot be checked: their store does not answer. Try again.";
    private const string Bearer = "Bearer ";
    private static readonly string[] OpenPaths = ["/health", "/alive"];
    // Peers of this process show its own key, others may be known by the hash of theirs only.
    private readonly string _ownServiceHash = options.Value.ServiceKey.Length == 0 ? "" : AccessOptions.HashOf(options.Value.ServiceKey);

    public async Task InvokeAsync(HttpContext context)
    {
        if (OpenPaths.Any(path => context.Request.Path.Equals(path, StringComparison.Ordinal)))
        {
            await next(context);
            return;
        }

        try
        {
            if (await IdentifyAsync(context.Request) is { } caller)
                caller.AttachTo(context);
            else
                await RefuseAsync(context, await CountAsync(context));
        }
        catch (StoreUnreachableException)
        {
            await RefuseAsync(context, StatusCode.Unavailable, StatusCodes.Status503ServiceUnavailable, NoStore);
        }

        if (Caller.IsKnown(context))
            await next(context);
    }

    /// <summary>Counts a wrong key against the address it came from; a request without any key is no guess.</summary>
    private async Task<TimeSpan> CountAsync(HttpContext context) =>
        wrong is null || (context.Request.Headers.Authorization.Count == 0 && !context.Request.Headers.ContainsKey(Caller.ServiceHeader))
            ? TimeSpan.Zero
            : await wrong.CountAsync(context.Connection.RemoteIpAddress, context.RequestAborted);

    private async Task<Caller?> IdentifyAsync(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Caller.ServiceHeader, out var credential))
            return FromPeer(credential.ToString(), request.Headers[Caller.TenantHeader].ToString());
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.Ordinal))
        {
            var key = header[Bearer.Length..].Trim();
            return FromSettings(key) ?? await FromStoreAsync(key, request.HttpContext);
        }

        return options.Value.AdminKeyHash.Length == 0 && options.Value.Keys.Count == 0 && IsLocalName(request.Host.Host)
            ? new Caller(Caller.DefaultTenant, IsAdmin: true, IsService: false, "")
            : null;
    }

    /// <summary>
    /// Whether the caller used a name of this machine. A page from elsewhere can make a browser call a loopback port under its own
    /// name (DNS rebinding); an open door does not answer to such names.
    /// </summary>
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private Caller? FromPeer(string credential, string tenant)
    {
        var hash = AccessOptions.HashOf(credential);
        if (!Same(hash, _ownServiceHash) && !Same(hash, options.Value.ServiceKeyHash))
            return null;
        return new Caller(tenant.Length == 0 ? Caller.DefaultTenant : tenant, IsAdmin: false, IsService: true, "service");
    }

    /// <summary>A key that was made at run time. An address with too many wrong ones may still use keys that are known here, but makes nobody look up more.</summary>
    private async Task<Caller?> FromStoreAsync(string key, HttpContext context)
    {
        if (keys is null)
            return null;
        var mayLookUp = wrong?.IsOver(context.Connection.RemoteIpAddress) != true;
        return await keys.CheckAsync(key, mayLookUp, context.RequestAborted) is { } known
            ? new Caller(known.Tenant, known.Role == Roles.Admin, IsService: false, known.Id) { MayHandlePrivacy = known.Role is Roles.Admin or Roles.Privacy }
            : null;
    }

    private Caller? FromSettings(string key)
    {
        var hash = AccessOptions.HashOf(key);
        if (Same(hash, options.Value.AdminKeyHash))
            return new Caller(Caller.DefaultTenant, IsAdmin: true, IsService: false, "admin");
        foreach (var (id, entry) in options.Value.Keys)
        {
            if (Same(hash, entry.Hash))
                return new Caller(entry.Tenant, entry.Admin, IsService: false, id);
        }

        return null;
    }

    private static bool Same(string hash, string expected) =>
        expected.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(expected.ToLowerInvariant()));

    private static Task RefuseAsync(HttpContext context, TimeSpan pause)
    {
        if (pause == TimeSpan.Zero)
            return RefuseAsync(context, StatusCode.Unauthenticated, StatusCodes.Status401Unauthorized, NoKey);
        var seconds = (int)Math.Ceiling(pause.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return RefuseAsync(context, StatusCode.ResourceExhausted, StatusCodes.Status429TooManyRequests, $"Too many wrong keys came from this address; try again in {seconds} s.");
    }

    private static async Task RefuseAsync(HttpContext context, StatusCode grpc, int http, string message)
    {
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)grpc).ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return;
        }

        context.Response.StatusCode = http;
        if (http == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(new { error = message });
    }
}
