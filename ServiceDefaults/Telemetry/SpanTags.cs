using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Puts on the span of a request what the server leaves out: route, status code and failure, by their standard names.</summary>
internal sealed class SpanTags : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(TagAsync);
        next(app);
    };

    private static async Task TagAsync(HttpContext context, RequestDelegate next)
    {
        var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
        try
        {
            await next(context);
        }
        catch (Exception e) when (Fail(span, e.GetType().FullName))
        {
            throw;
        }
        finally
        {
            if (context.GetEndpoint() is RouteEndpoint endpoint)
                span?.SetTag("http.route", endpoint.RoutePattern.RawText);
            span?.SetTag("http.response.status_code", context.Response.StatusCode);
        }

        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            Fail(span, context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Marks the span. Always true, so that it can stand in a filter and leave the exception as it is.</summary>
    private static bool Fail(Activity? span, string? type)
    {
        span?.SetTag("error.type", type);
        span?.SetStatus(ActivityStatusCode.Error);
        return true;
    }
}
