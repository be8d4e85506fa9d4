using System.Globalization;
using System.Net;
using Grpc.Core;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Host;

/// <summary>
/// The one place where a request gets its caller, for gRPC and HTTP alike. The tenant comes from the key; only a peer with
/// the service credential may say for which tenant it calls. A browser's session counts on the console's pages only.
/// </summary>
internal sealed class KeyCheck(RequestDelegate next, KeyRing settings, ConsoleSessions sessions, ApiKeys? keys = null, WrongKeys? wrong = null)
{
    private const string NoKey = "A valid key is required: send 'authorization: Bearer KEY'.";
    private const string NoStore = "Keys cannot be checked: their store does not answer. Try again.";
    private const string Bearer = "Bearer ";
    private static readonly string[] OpenPaths = ["/health", "/alive"];

    public async Task InvokeAsync(HttpContext context)
    {
        if (OpenPaths.Any(path => context.Request.Path.Equals(path, StringComparison.Ordinal)) || await AdmitAsync(context))
            await next(context);
    }

    /// <summary>Attaches the caller to the request, or answers it.</summary>
    private async Task<bool> AdmitAsync(HttpContext context)
    {
        var doors = context.GetEndpoint()?.Metadata.GetOrderedMetadata<ConsoleDoorAttribute>() ?? [];
        try
        {
            var caller = await IdentifyAsync(context.Request) ?? (doors.Count > 0 ? await sessions.OfAsync(context.Request) : null);
            caller?.AttachTo(context);
            if (caller is not null || doors.Any(door => door.IsOpen))
                return true;
            await RefuseAsync(context, isPage: doors.Count > 0, await CountAsync(context));
        }
        catch (StoreUnreachableException)
        {
            await RefuseAsync(context, StatusCode.Unavailable, StatusCodes.Status503ServiceUnavailable, NoStore);
        }

        return false;
    }

    /// <summary>Counts a wrong key against the address it came from; a request without any key is no guess.</summary>
    private async Task<TimeSpan> CountAsync(HttpContext context) =>
        wrong is null || (context.Request.Headers.Authorization.Count == 0 && !context.Request.Headers.ContainsKey(Caller.ServiceHeader))
            ? TimeSpan.Zero
            : await wrong.CountAsync(context.Connection.RemoteIpAddress, context.RequestAborted);

    private async Task<Caller?> IdentifyAsync(HttpRequest request)
    {
        if (request.Headers.TryGetValue(Caller.ServiceHeader, out var credential))
            return FromPeer(credential.ToString(), request.Headers);
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.Ordinal))
        {
            var key = header[Bearer.Length..].Trim();
            if (request.Path.Equals(Caller.ScrapePath, StringComparison.Ordinal) && settings.MayScrape(AccessOptions.HashOf(key)))
                return new Caller(Caller.DefaultTenant, IsAdmin: false, IsService: false, "scrape") { MayScrape = true };
            return settings.Find(AccessOptions.HashOf(key)) ?? await FromStoreAsync(key, request.HttpContext);
        }

        return settings.IsEmpty && IsLocalName(request.Host.Host)
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
        if (!settings.IsService(credential))
            return null;
        var tenant = headers[Caller.TenantHeader].ToString();
        var role = headers[Caller.AdminHeader].ToString();
        var actor = headers[Caller.ActorHeader].ToString();
        return new Caller(tenant.Length == 0 ? Caller.DefaultTenant : tenant, role == Caller.AdminMark, IsService: true, actor.Length is > 0 and <= Caller.LongestActor ? actor : "service")
        {
            MayHandlePrivacy = role is Caller.AdminMark or Caller.PrivacyMark,
        };
    }

    /// <summary>A key that was made at run time. An address with too many wrong ones may still use keys that are known here, but makes nobody look up more.</summary>
    private async Task<Caller?> FromStoreAsync(string key, HttpContext context)
    {
        if (keys is null)
            return null;
        var mayLookUp = wrong?.IsOver(context.Connection.RemoteIpAddress) != true;
        return await keys.CheckAsync(key, mayLookUp, context.RequestAborted) is { } known ? Holder(known) : null;
    }

    /// <summary>Who holds a key that was made at run time.</summary>
    internal static Caller Holder(ApiKey key) =>
        new(key.Tenant, key.Role == Roles.Admin, IsService: false, key.Id) { MayHandlePrivacy = key.Role is Roles.Admin or Roles.Privacy };

    private static Task RefuseAsync(HttpContext context, bool isPage, TimeSpan pause)
    {
        if (pause > TimeSpan.Zero)
        {
            var seconds = (int)Math.Ceiling(pause.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return RefuseAsync(context, StatusCode.ResourceExhausted, StatusCodes.Status429TooManyRequests, $"Too many wrong keys came from this address; try again in {seconds} s.");
        }

        if (!isPage || !WantsPage(context.Request))
            return RefuseAsync(context, StatusCode.Unauthenticated, StatusCodes.Status401Unauthorized, NoKey);
        var to = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString.Value : "/";
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = ConsoleDoorAttribute.SignInPath + QueryString.Create("to", to);
        return Task.CompletedTask;
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
        // Clients of the OpenAI-compatible door look for the message within an object.
        object error = context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) ? new { message, type = "invalid_request_error", param = (string?)null, code = "invalid_api_key" } : message;
        await context.Response.WriteAsJsonAsync(new { error });
    }

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Authorization.Count == 0 && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
