using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Platform.Metrics.Pages;

/// <summary>How whoever looks wants to see things: colours and time zone, from cookies that hold nothing else.</summary>
internal sealed class Viewer(IHttpContextAccessor http)
{
    /// <summary>Cookie of the colours that were chosen.</summary>
    public const string ThemeCookie = "platform-theme";

    /// <summary>Cookie of the zone that was chosen in the settings.</summary>
    public const string ChosenZoneCookie = "platform-zone-chosen";

    /// <summary>Cookie of the zone that the browser reports; the console's script sets it.</summary>
    public const string ZoneCookie = "platform-zone";

    /// <summary>The colours there are; the first follows the system.</summary>
    public static readonly IReadOnlyList<string> Themes = ["auto", "light", "dark"];

    private const int LongestZone = 64;
    private TimeZoneInfo? _zone;

    /// <summary>One of <see cref="Themes"/>.</summary>
    public string Theme => Cookie(ThemeCookie) is { } theme && Themes.Contains(theme) ? theme : Themes[0];

    /// <summary>Zone that was chosen; empty when the browser's counts.</summary>
    public string ChosenZone => Find(Cookie(ChosenZoneCookie))?.Id ?? "";

    /// <summary>Zone that times are shown in; UTC until it is known.</summary>
    public TimeZoneInfo Zone => _zone ??= Find(Cookie(ChosenZoneCookie)) ?? Find(Cookie(ZoneCookie)) ?? TimeZoneInfo.Utc;

    /// <summary>A zone by its name in the IANA database; null when there is none.</summary>
    public static TimeZoneInfo? Find(string? id) =>
        id is { Length: > 0 and <= LongestZone } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;

    /// <summary>An instant as the viewer's clock shows it; UTC says so.</summary>
    /// <param name="ms">Milliseconds since 1970 UTC.</param>
    /// <param name="toMinutes">Whether seconds are left out.</param>
    public string When(long ms, bool toMinutes = false)
    {
        if (ms <= 0)
            return "–";
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), Zone);
        return local.ToString(toMinutes ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + (Zone.Id == TimeZoneInfo.Utc.Id ? " UTC" : "");
    }

    private string? Cookie(string name) => http.HttpContext?.Request.Cookies[name];
}
