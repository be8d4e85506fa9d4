using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Platform.Contracts;

/// <summary>
/// Who is calling. The host's key check puts it on every request before a module sees it;
/// the tenant comes from the key, or from a peer that holds the service credential, never from the request body.
/// </summary>
/// <param name="Tenant">Tenant every row and query is scoped by.</param>
/// <param name="IsAdmin">May change switches for all tenants and manage keys.</param>
/// <param name="IsService">Is another module of this system, and may use the internal services.</param>
/// <param name="KeyId">Id of the key, for the audit log; empty on an open loopback door.</param>
public sealed record Caller(string Tenant, bool IsAdmin, bool IsService, string KeyId)
{
    /// <summary>May handle people's requests about their data within the tenant; an administrator always may.</summary>
    public bool MayHandlePrivacy { get; init; } = IsAdmin;

    /// <summary>May read the figures of the whole process, which are of all tenants together; an administrator always may.</summary>
    public bool MayScrape { get; init; } = IsAdmin;

    /// <summary>Where these figures are read.</summary>
    public const string ScrapePath = "/metrics";

    /// <summary>The tenant of an open loopback door and of embedded use.</summary>
    public const string DefaultTenant = "default";

    /// <summary>Metadata key under which a peer carries the tenant.</summary>
    public const string TenantHeader = "x-platform-tenant";

    /// <summary>Metadata key under which a peer presents the service credential.</summary>
    public const string ServiceHeader = "x-platform-service";

    /// <summary>Metadata key under which a peer says that it acts for an administrator: the console does, for who signed in as one.</summary>
    public const string AdminHeader = "x-platform-admin";

    /// <summary>Value of <see cref="AdminHeader"/> for an administrator.</summary>
    public const string AdminMark = "1";

    /// <summary>Value of <see cref="AdminHeader"/> for somebody who may only handle people's requests about their data.</summary>
    public const string PrivacyMark = "privacy";

    /// <summary>Metadata key under which a peer says whose key it acts for, so that the audit log names who asked.</summary>
    public const string ActorHeader = "x-platform-actor";

    /// <summary>Most characters of an actor.</summary>
    public const int LongestActor = 64;

    private static readonly object ItemKey = new();

    /// <summary>The caller of a gRPC call.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED when no key check ran before.</exception>
    public static Caller Of(ServerCallContext context) => Of(context.GetHttpContext());

    /// <summary>The caller of an HTTP request.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED when no key check ran before.</exception>
    public static Caller Of(HttpContext context) =>
        context.Items[ItemKey] as Caller
        ?? throw new RpcException(new Status(StatusCode.Unauthenticated, "No key was presented."));

    /// <summary>Whether the key check has put a caller on a request.</summary>
    public static bool IsKnown(HttpContext context) => context.Items.ContainsKey(ItemKey);

    /// <summary>The caller of a gRPC call that only an administrator may make.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED for anybody else.</exception>
    public static Caller Administrator(ServerCallContext context) => Of(context) is { IsAdmin: true } caller
        ? caller
        : throw new RpcException(new Status(StatusCode.PermissionDenied, "This needs an administrator's key."));

    /// <summary>The caller of a gRPC call about people's data.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED for a key without that role.</exception>
    public static Caller PrivacyOfficer(ServerCallContext context) => Of(context) is { MayHandlePrivacy: true } caller
        ? caller
        : throw new RpcException(new Status(StatusCode.PermissionDenied, "This needs a key with the role privacy, or an administrator's."));

    /// <summary>Puts the caller on a request; the key check does this once.</summary>
    public void AttachTo(HttpContext context) => context.Items[ItemKey] = this;

    /// <summary>The caller of a request that may have none: a page that anybody may open.</summary>
    public static Caller? Find(HttpContext context) => context.Items[ItemKey] as Caller;

    /// <summary>Metadata that carries this caller's tenant, what it may do and its key's id to a peer.</summary>
    public Metadata ToPeer()
    {
        var metadata = ForTenant(Tenant);
        if (IsAdmin || MayHandlePrivacy)
            metadata.Add(AdminHeader, IsAdmin ? AdminMark : PrivacyMark);
        if (KeyId.Length is > 0 and <= LongestActor)
            metadata.Add(ActorHeader, KeyId);
        return metadata;
    }

    /// <summary>Metadata that carries a tenant to a peer; the service credential is added by the channel.</summary>
    public static Metadata ForTenant(string tenant) => new() { { TenantHeader, tenant } };
}
