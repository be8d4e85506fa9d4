using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.DataProtection;
using Platform.Contracts;

namespace Platform.Host;

/// <summary>
/// Sessions of browsers: a sealed cookie that names the hash of a key and when it ends. Nothing is stored, and a key that is taken
/// out of the settings ends its sessions. Wrong keys are counted by address.
/// </summary>
internal sealed class ConsoleSessions(KeyRing keys, IDataProtectionProvider protection, TimeProvider time) : IConsoleSessions, IDisposable
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "platform-session";

    /// <summary>Wrong keys that an address may try in <see cref="Window"/>.</summary>
    public const int WrongKeys = 10;

    private const int LongestKey = 512;
    private const int LongestCookie = 2048;
    private const char Separator = '|';
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Length = TimeSpan.FromHours(12);
    private readonly IDataProtector _seal = protection.CreateProtector("Platform.Console.Session");
    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(static address =>
        RateLimitPartition.GetFixedWindowLimiter(address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongKeys, Window = Window, QueueLimit = 0 }));

    /// <inheritdoc />
    public SignInOutcome SignIn(HttpContext context, string key)
    {
        var address = Network(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        using (var left = _tries.AttemptAcquire(address, 0))
        {
            if (!left.IsAcquired)
                return SignInOutcome.TooManyTries;
        }

        var hash = key.Length is 0 or > LongestKey ? "" : AccessOptions.HashOf(key);
        if (hash.Length == 0 || keys.Find(hash) is null)
        {
            _tries.AttemptAcquire(address).Dispose();
            return SignInOutcome.WrongKey;
        }

        var ends = time.GetUtcNow() + Length;
        context.Response.Cookies.Append(Cookie, _seal.Protect($"{hash}{Separator}{ends.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}"), Traits(context, ends));
        return SignInOutcome.Done;
    }

    /// <inheritdoc />
    public void SignOut(HttpContext context) => context.Response.Cookies.Delete(Cookie, Traits(context, null));

    /// <summary>Whose session a request shows; null when it shows none that still holds.</summary>
    public Caller? Of(HttpRequest request)
    {
        if (keys.IsEmpty || !request.Cookies.TryGetValue(Cookie, out var sealedText) || sealedText.Length > LongestCookie)
            return null;
        try
        {
            var parts = _seal.Unprotect(sealedText).Split(Separator);
            var holds = parts.Length == 2 && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var ends) && ends > time.GetUtcNow().ToUnixTimeMilliseconds();
            return holds ? keys.Find(parts[0]) : null;
        }
        catch (CryptographicException)
        {
            // Sealed by another installation, or tampered with: no session.
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _tries.Dispose();

    // Lax, so that links from elsewhere lead to the page; changes need a form's token besides.
    private static CookieOptions Traits(HttpContext context, DateTimeOffset? ends) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", Expires = ends, IsEssential = true };

    /// <summary>An IPv6 user has a whole network of 64 bits to try from.</summary>
    private static IPAddress Network(IPAddress address)
    {
        const int networkBytes = 8;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(networkBytes).Clear();
        return new IPAddress(bytes);
    }
}
