using System.Net;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;

namespace Platform.Host;

/// <summary>
/// The one place where a request gets its caller, for gRPC and HTTP alike. The tenant comes from the key; only a peer with
/// the service credential may say for which tenant it calls.
/// </summary>
internal sealed class KeyCheck(RequestDelegate next, IOptions<AccessOptions> options)
{
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

        if (Identify(context.Request) is { } caller)
        {
            caller.AttachTo(context);
            await next(context);
            return;
        }

        await RefuseAsync(context);
    }

    private Caller? Identify(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Caller.ServiceHeader, out var credential))
            return FromPeer(credential.ToString(), request.Headers[Caller.TenantHeader].ToString());
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.Ordinal))
            return FromKey(header[Bearer.Length..].Trim());
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

    private Caller? FromKey(string key)
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

    private static async Task RefuseAsync(HttpContext context)
    {
        const string message = "A valid key is required: send 'authorization: Bearer KEY'.";
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(new { error = message });
    }
}
