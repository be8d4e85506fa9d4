using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Evidence;
using Platform.Metrics.Live;

namespace Platform.Metrics.Pages;

/// <summary>The web console: server-rendered pages with plain forms, and what they are drawn with.</summary>
internal static class ConsolePages
{
    /// <summary>Where colours and zone are set.</summary>
    public const string PreferencesPath = "/preferences";

    /// <summary>Where a session ends.</summary>
    public const string SignOutPath = "/logout";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan PreferenceLife = TimeSpan.FromDays(365);
    private static readonly ConsoleDoorAttribute Door = new();
    private static readonly ConsoleDoorAttribute OpenDoor = new() { IsOpen = true };

    /// <summary>Registers what the pages need.</summary>
    public static void AddConsolePages(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddScoped<ConsoleCaller>();
        services.AddScoped<Viewer>();
        services.AddScoped<LiveTopics>();
        services.AddScoped<JobStream>();
    }

    /// <summary>Maps pages, assets, live streams and downloads.</summary>
    public static void MapConsolePages(this WebApplication app)
    {
        app.MapGet("/console/{version}/{name}", static (string name, HttpContext context) => ConsoleAssets.Serve(name, context)).WithMetadata(OpenDoor);
        app.MapPost(PreferencesPath, Prefer).WithMetadata(Door);
        app.MapPost(SignOutPath, SignOut).WithMetadata(Door);
        var guarded = app.MapGroup("").WithMetadata(Door);
        LiveDoor.Map(guarded);
        Downloads.Map(guarded);
        app.MapRazorComponents<ConsoleApp>().WithMetadata(Door);
    }

    /// <summary>Address of an asset; it changes with its content, so that browsers may keep it for good.</summary>
    public static string Address(string name) => ConsoleAssets.Address(name);

    /// <summary>A path of this console, whatever was asked for: nobody is led elsewhere.</summary>
    public static string Local(string? path) =>
        path is { Length: > 0 and <= 2000 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal) && !path.Any(c => c == '\\' || char.IsControl(c)) ? path : "/";

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

    private static IResult Prefer(HttpContext context, [FromForm] string? theme, [FromForm] string? zone, [FromForm] string? to)
    {
        if (theme is not null && Viewer.Themes.Contains(theme))
            Remember(context, Viewer.ThemeCookie, theme);
        if (zone is { Length: 0 })
            context.Response.Cookies.Delete(Viewer.ChosenZoneCookie);
        else if (Viewer.Find(zone) is { } known)
            Remember(context, Viewer.ChosenZoneCookie, known.Id);
        else if (zone is not null)
            return Results.BadRequest(new { error = $"zone is '{Format.Short(zone, 64)}'; give a name of the IANA database such as Europe/Berlin." });
        return SeeOther(context, Local(to));
    }

    private static IResult SignOut(HttpContext context, IConsoleSessions sessions, [FromForm] string? to)
    {
        sessions.SignOut(context);
        return SeeOther(context, Local(to));
    }

    private static void Remember(HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(name, value, new CookieOptions { MaxAge = PreferenceLife, SameSite = SameSiteMode.Lax, HttpOnly = true, Path = "/", Secure = context.Request.IsHttps });

    private static IResult SeeOther(HttpContext context, string path)
    {
        context.Response.Headers.Location = path;
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }
}
