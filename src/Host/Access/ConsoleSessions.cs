using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.DataProtection;
using Platform.Contracts;
using Platform.Privacy;

namespace Platform.Host;

/// <summary>
/// Sessions of browsers: a sealed cookie that names a key - one of the settings by its hash, one made at run time by its id - and when it
/// ends. Nothing is stored, and a key that is revoked or taken out of the settings ends its sessions. Wrong keys are counted by address.
/// </summary>
internal sealed class ConsoleSessions(KeyRing settings, IDataProtectionProvider protection, TimeProvider time, ApiKeys? keys = null) : IConsoleSessions, IDisposable
{
    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "platform-session";

    /// <summary>Wrong keys that an address may try in <see cref="Window"/>.</summary>
    public const int WrongKeys = 10;

    private const int LongestKey = 512;
    private const int LongestCookie = 2048;
    private const char Separator = '|';
    private const string OfSettings = "settings";
    private const string OfStore = "store";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Length = TimeSpan.FromHours(12);
    private readonly IDataProtector _seal = protection.CreateProtector("Platform.Console.Session");
    private readonly PartitionedRateLimiter<IPAddress> _tries = PartitionedRateLimiter.Create<IPAddress, IPAddress>(static address =>
        RateLimitPartition.GetFixedWindowLimiter(address, static _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongKeys, Window = Window, QueueLimit = 0 }));

    /// <inheritdoc />
    public async Task<SignInOutcome> SignInAsync(HttpContext context, string key)
    {
        var address = Network(context.Connection.RemoteIpAddress ?? IPAddress.Loopback);
        using (var left = _tries.AttemptAcquire(address, 0))
        {
            if (!left.IsAcquired)
                return SignInOutcome.TooManyTries;
        }

        if (key.Length is 0 or > LongestKey || await NameOfAsync(key, context.RequestAborted) is not { } name)
        {
            _tries.AttemptAcquire(address).Dispose();
            return SignInOutcome.WrongKey;
        }

        var ends = time.GetUtcNow() + Length;
        context.Response.Cookies.Append(Cookie, _seal.Protect($"{name}{Separator}{ends.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}"), Traits(context, ends));
        return SignInOutcome.Done;
    }

    /// <inheritdoc />
    public void SignOut(HttpContext context) => context.Response.Cookies.Delete(Cookie, Traits(context, null));

    /// <summary>Whose session a request shows; null when it shows none that still holds.</summary>
    public async Task<Caller?> OfAsync(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(Cookie, out var sealedText) || sealedText.Length > LongestCookie)
            return null;
        try
        {
            var parts = _seal.Unprotect(sealedText).Split(Separator);
            var holds = parts.Length == 3 && long.TryParse(parts[2], CultureInfo.InvariantCulture, out var ends) && ends > time.GetUtcNow().ToUnixTimeMilliseconds();
            return holds ? await HolderAsync(parts[0], parts[1], request.HttpContext.RequestAborted) : null;
        }
        catch (CryptographicException)
        {
            // Sealed by another installation, or tampered with: no session.
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _tries.Dispose();

    /// <summary>How a cookie names a key: where it is kept, and its name there; null when nobody has it.</summary>
    private async Task<string?> NameOfAsync(string key, CancellationToken token)
    {
        var hash = AccessOptions.HashOf(key);
        if (settings.Find(hash) is not null)
            return $"{OfSettings}{Separator}{hash}";
        return keys is not null && await keys.CheckAsync(key, mayLookUp: true, token) is { } made ? $"{OfStore}{Separator}{made.Id}" : null;
    }

    private async Task<Caller?> HolderAsync(string place, string name, CancellationToken token) => place switch
    {
        OfSettings => settings.Find(name),
        OfStore when keys is not null && await keys.OfAsync(name, token) is { } made => KeyCheck.Holder(made),
        _ => null,
    };

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
