using System.Net;
using Grpc.Core;
using Platform.Contracts;

namespace Platform.Host;

/// <summary>
/// The one place where a request gets its caller, for gRPC and HTTP alike. The tenant comes from the key; only a peer with
/// the service credential may say for which tenant it calls. A browser's session counts on the console's pages only.
/// </summary>
internal sealed class KeyCheck(RequestDelegate next, KeyRing keys, ConsoleSessions sessions)
{
    private const string Bearer = "Bearer ";
    private static readonly string[] OpenPaths = ["/health", "/alive"];

    public async Task InvokeAsync(HttpContext context)
    {
        var doors = context.GetEndpoint()?.Metadata.GetOrderedMetadata<ConsoleDoorAttribute>() ?? [];
        if (Identify(context.Request) is { } caller)
            caller.AttachTo(context);
        else if (doors.Count > 0 && sessions.Of(context.Request) is { } visitor)
            visitor.AttachTo(context);
        else if (!IsOpen(context, doors))
        {
            await RefuseAsync(context, doors.Count > 0);
            return;
        }

        await next(context);
    }

    private static bool IsOpen(HttpContext context, IReadOnlyList<ConsoleDoorAttribute> doors) =>
        doors.Any(door => door.IsOpen) || OpenPaths.Any(path => context.Request.Path.Equals(path, StringComparison.Ordinal));

    private Caller? Identify(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Caller.ServiceHeader, out var credential))
            return FromPeer(credential.ToString(), request.Headers);
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.Ordinal))
            return keys.Find(AccessOptions.HashOf(header[Bearer.Length..].Trim()));
        return keys.IsEmpty && IsLocalName(request.Host.Host)
            ? new Caller(Caller.DefaultTenant, IsAdmin: true, IsService: false, "")
            : null;
    }

    /// <summary>
    /// Whether the caller used a name of this machine. A page from elsewhere can make a browser call a loopback port under its own
    /// name (DNS rebinding); an open door does not answer to such names.
    /// </summary>
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private Caller? FromPeer(string credential, IHeaderDictionary headers)
    {
        if (!keys.IsService(credential))
            return null;
        var tenant = headers[Caller.TenantHeader].ToString();
        var isAdmin = headers[Caller.AdminHeader] == Caller.AdminMark;
        return new Caller(tenant.Length == 0 ? Caller.DefaultTenant : tenant, isAdmin, IsService: true, "service");
    }

    private static async Task RefuseAsync(HttpContext context, bool isPage)
    {
        const string message = "A valid key is required: send 'authorization: Bearer KEY'.";
        if (context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["grpc-message"] = message;
            return;
        }

        if (isPage && WantsPage(context.Request))
        {
            var to = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString.Value : "/";
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = ConsoleDoorAttribute.SignInPath + QueryString.Create("to", to);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsJsonAsync(new { error = message });
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Authorization.Count == 0 && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
