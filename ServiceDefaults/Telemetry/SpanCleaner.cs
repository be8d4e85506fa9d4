using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Makes spans of the runtime and the drivers readable and safe before they are exported: calls are named after what is called,
/// texts that may hold a secret are taken out, and the polling of stores and health doors is left out.
/// </summary>
internal sealed class SpanCleaner : BaseProcessor<Activity>
{
    private const string Server = "Microsoft.AspNetCore";
    private const string Client = "Grpc.Net.Client";
    private const string Database = "Npgsql";

    // SQL and query strings may hold what users typed.
    private static readonly string[] Unsafe = ["db.query.text", "db.statement", "url.query"];
    private static readonly string[] Polls = ["/health", "/alive"];

    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        if (IsPolling(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        foreach (var tag in Unsafe)
        {
            if (data.GetTagItem(tag) is not null)
                data.SetTag(tag, null);
        }

        if (data.Source.Name is Server or Client)
            Rename(data);
    }

    /// <summary>A statement outside any request is a sweep looking for work: thousands of roots a minute that say nothing.</summary>
    private static bool IsPolling(Activity span)
    {
        if (span.Source.Name == Database && span.ParentSpanId == default)
            return true;
        for (var ancestor = span; ancestor is not null; ancestor = ancestor.Parent)
        {
            if (ancestor.Source.Name == Server && ancestor.GetTagItem("url.path") is string path && Polls.Contains(path))
                return true;
        }

        return false;
    }

    private static void Rename(Activity span)
    {
        if (Procedure(span) is { } procedure)
        {
            span.DisplayName = $"{procedure.Service}/{procedure.Method}";
            span.SetTag("rpc.system", "grpc");
            span.SetTag("rpc.service", procedure.Service);
            span.SetTag("rpc.method", procedure.Method);
        }
        else if (span.Source.Name == Server && span.GetTagItem("http.request.method") is string method)
        {
            // The route, never the path: names must be few.
            span.DisplayName = span.GetTagItem("http.route") is string route ? $"{method} {route}" : method;
        }
    }

    /// <summary>Service and method of a gRPC call, which the gRPC libraries write as <c>/package.Service/Method</c>.</summary>
    private static (string Service, string Method)? Procedure(Activity span) =>
        (span.GetTagItem("grpc.method") as string)?.Split('/') is ["", var service, var method] ? (service, method) : null;
}
