using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.Metrics.Alerts;

/// <summary>
/// Tells the webhook of alerts that opened or closed: a POST signed with HMAC-SHA256 over time stamp and body, tried again with growing
/// pauses. Redirects are not followed, answers are not read, and neither address nor secret ever reaches a log.
/// </summary>
internal sealed partial class WebhookCourier : BackgroundService
{
    /// <summary>Header with the seconds since 1970 UTC at which it was signed.</summary>
    public const string TimestampHeader = "X-Platform-Timestamp";

    /// <summary>Header with <c>sha256=</c> and the signature in hex.</summary>
    public const string SignatureHeader = "X-Platform-Signature";

    /// <summary>Header with the id of the message; the same for every try.</summary>
    public const string DeliveryHeader = "X-Platform-Delivery";

    private const int MostAttempts = 12;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DeliveryStore _store;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<WebhookCourier> _log;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = Patience, PooledConnectionLifetime = LongestPause }) { Timeout = Patience };

    public WebhookCourier(DeliveryStore store, IOptions<MetricsOptions> options, TimeProvider time, ILogger<WebhookCourier> log) =>
        (_store, _options, _time, _log) = (store, options.Value.Webhook, time, log);

    /// <inheritdoc />
    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <summary>Signs a body.</summary>
    internal static string Sign(string secret, string timestamp, string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}.{body}")));

    /// <summary>Sends what is due, all at once: one after another, a slow receiver would outlast the lease and be told twice.</summary>
    internal async Task DeliverAsync(CancellationToken token) => await Task.WhenAll((await _store.TakeAsync(token)).Select(row => DeliverAsync(row, token)));

    private async Task DeliverAsync(DeliveryRow row, CancellationToken token)
    {
        var problem = await SendAsync(row, token);
        var again = problem.Length > 0 && row.Attempts < MostAttempts ? Pause(row.Attempts) : (TimeSpan?)null;
        await _store.NoteAsync(row, problem, again, token);
        if (problem.Length > 0)
            LogFailed(row.Id, row.Attempts, problem, again is null ? "That was the last try." : $"Trying again in {again.Value.TotalSeconds:0} s.");
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_options.Url.Length == 0)
            return;
        using var timer = new PeriodicTimer(Every, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryDeliverAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryDeliverAsync(CancellationToken token)
    {
        try
        {
            await DeliverAsync(token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogBroken(e.GetType().Name);
        }
    }

    /// <summary>Why it did not arrive; empty when it did.</summary>
    private async Task<string> SendAsync(DeliveryRow row, CancellationToken token)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new StringContent(row.Body, Encoding.UTF8, MediaTypeNames.Application.Json) };
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, Sign(_options.Secret, timestamp, row.Body));
        request.Headers.Add(DeliveryHeader, row.Id);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
            var status = (int)response.StatusCode;
            return response.IsSuccessStatusCode ? "" : status is >= 300 and < 400 ? $"It answered {status}; redirects are not followed." : $"It answered {status}.";
        }
        catch (HttpRequestException e)
        {
            return $"It could not be reached ({e.HttpRequestError}).";
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return $"It did not answer within {Patience.TotalSeconds:0} s.";
        }
    }

    private static TimeSpan Pause(long attempts)
    {
        var pause = FirstPause * Math.Pow(2, attempts - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} did not reach the webhook at try {Attempt}: {Problem} {Next}")]
    private partial void LogFailed(string id, long attempt, string problem, string next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages to the webhook could not be looked at ({Problem}); trying again.")]
    private partial void LogBroken(string problem);
}
