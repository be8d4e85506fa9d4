using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Tests.Telemetry;

/// <summary>A span as it arrived.</summary>
internal sealed record ReceivedSpan(string Service, string Source, string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags);

/// <summary>A collector: takes OTLP over HTTP and keeps what the tests ask about.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapPost("/v1/traces", context => TakeAsync(context, body => ReadSpans(body, Spans)));
        _app.MapPost("/v1/logs", context => TakeAsync(context, body => ReadLogs(body, Logs)));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, body => ReadMetrics(body, Metrics)));
    }

    public ConcurrentBag<ReceivedSpan> Spans { get; } = [];

    /// <summary>Texts of log lines.</summary>
    public ConcurrentBag<string> Logs { get; } = [];

    /// <summary>Names of metrics.</summary>
    public ConcurrentBag<string> Metrics { get; } = [];

    /// <summary>What a host needs in its configuration to send here.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<Message> read)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        read(new Message(body.ToArray()));
    }

    // Field numbers of opentelemetry/proto/{trace,logs,metrics,common}/v1.
    private static void ReadSpans(Message request, ConcurrentBag<ReceivedSpan> spans)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = Tags(resource.Messages(1).First(), 1).GetValueOrDefault("service.name", "");
            foreach (var scope in resource.Messages(2))
            {
                var source = scope.Messages(1).First().Text(1);
                foreach (var span in scope.Messages(2))
                    spans.Add(new ReceivedSpan(service, source, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), Tags(span, 9)));
            }
        }
    }

    private static void ReadLogs(Message request, ConcurrentBag<string> logs)
    {
        foreach (var line in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
            logs.Add(line.Messages(5).First().Text(1));
    }

    private static void ReadMetrics(Message request, ConcurrentBag<string> metrics)
    {
        foreach (var metric in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
            metrics.Add(metric.Text(1));
    }

    private static Dictionary<string, string> Tags(Message owner, int field) =>
        owner.Messages(field).ToDictionary(tag => tag.Text(1), tag => tag.Messages(2).FirstOrDefault() is { } value ? value.Text(1) + value.Number(3) : "");

    /// <summary>A protobuf message of unknown type: its length-delimited and integer fields by number.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, byte[] Bytes)> _fields = [];
        private readonly Dictionary<int, long> _numbers = [];

        public Message(byte[] bytes)
        {
            var input = new CodedInputStream(bytes);
            while (input.ReadTag() is var tag and not 0)
            {
                if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                    _fields.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray()));
                else if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
                    _numbers[WireFormat.GetTagFieldNumber(tag)] = input.ReadInt64();
                else
                    input.SkipLastField();
            }
        }

        public IEnumerable<Message> Messages(int field) => Values(field).Select(bytes => new Message(bytes));

        public string Text(int field) => Values(field).Select(System.Text.Encoding.UTF8.GetString).FirstOrDefault("");

        public string Hex(int field) => Values(field).Select(Convert.ToHexStringLower).FirstOrDefault("");

        public string Number(int field) => _numbers.TryGetValue(field, out var number) ? number.ToString(CultureInfo.InvariantCulture) : "";

        private IEnumerable<byte[]> Values(int field) => _fields.Where(value => value.Field == field).Select(value => value.Bytes);
    }
}
