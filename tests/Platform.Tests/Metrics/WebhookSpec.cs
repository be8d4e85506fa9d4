using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Metrics;
using Platform.Metrics.Alerts;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class WebhookSpec
{
    private const string Secret = "a-secret-of-the-webhook";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task DeliverAsync_OfAnAlertThatOpensAndCloses_TellsBothSigned()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var folder = await FolderAsync(receiver.Address);
        await OpenAsync(folder);
        await folder.Alerts.CloseAsync((await folder.Alerts.ListAsync("default", all: false, Token)).Single(), Token);

        await DeliverAsync(folder);
        await DeliverAsync(folder);

        receiver.Received.Select(r => r.Body.GetProperty("state").GetString()).ShouldBe(["open", "closed"], ignoreOrder: true);
        foreach (var (body, headers, text) in receiver.Received)
        {
            body.GetProperty("rule").GetString().ShouldBe("budget");
            var timestamp = headers[WebhookCourier.TimestampHeader].ToString();
            var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{timestamp}.{text}")));
            headers[WebhookCourier.SignatureHeader].ToString().ShouldBe($"sha256={expected}");
            headers[WebhookCourier.DeliveryHeader].ToString().ShouldBe(body.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task DeliverAsync_OfManyToASlowReceiver_IsOverWithinOneLease()
    {
        const int many = 12;
        await using var receiver = await Receiver.StartAsync();
        // Nobody is answered before everybody is there: one after another, each would wait its ten seconds in vain.
        receiver.AnswersFrom = many;
        await using var folder = await FolderAsync(receiver.Address);
        for (var i = 0; i < many; i++)
            await folder.Alerts.OpenAsync($"tenant{i}", new BudgetRule(1), new Measurement(2, 1, "over"), Token);
        await DeliverAsync(folder);
        receiver.Received.Select(r => r.Body.GetProperty("tenant").GetString()).Distinct().Count().ShouldBe(many);
        (await folder.Deliveries.ListAsync("tenant0", Token)).Single().Problem.ShouldBe("");
    }

    [Fact]
    public async Task DeliverAsync_WhileTheReceiverFails_TriesAgainLaterAndThenStops()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 500;
        await using var folder = await FolderAsync(receiver.Address);
        await OpenAsync(folder);
        for (var attempt = 1; attempt <= 14; attempt++)
        {
            await DeliverAsync(folder);
            await DeliverAsync(folder);
            receiver.Received.Count.ShouldBe(Math.Min(attempt, 12), "the second look comes before it is due");
            folder.Time.Now += TimeSpan.FromHours(2);
        }

        var row = (await folder.Deliveries.ListAsync("default", Token)).Single();
        (row.Attempts, row.Problem).ShouldBe((12, "It answered 500."));
        row.DoneMs.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task DeliverAsync_ToARedirect_DoesNotFollowIt()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Status = 307;
        await using var folder = await FolderAsync(receiver.Address);
        await OpenAsync(folder);
        await DeliverAsync(folder);
        receiver.Received.Count.ShouldBe(1);
        receiver.Elsewhere.ShouldBe(0);
        (await folder.Deliveries.ListAsync("default", Token)).Single().Problem.ShouldContain("redirects are not followed");
    }

    [Fact]
    public async Task DeliverAsync_ThatFails_LogsNeitherAddressNorSecret()
    {
        await using var folder = await FolderAsync("http://127.0.0.1:9/hook/T0KEN-IN-PATH");
        await OpenAsync(folder);
        var log = new ListLog();
        await DeliverAsync(folder, log);
        log.Lines.ShouldHaveSingleItem().ShouldContain("could not be reached");
        log.Lines.ShouldAllBe(line => !line.Contains("T0KEN") && !line.Contains(Secret));
    }

    [Fact]
    public async Task OpenAsync_WithoutAWebhook_LeavesNothingToTell()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        await OpenAsync(folder);
        (await folder.Deliveries.ListAsync("default", Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("http://example.com/hook", Secret, "Metrics:Webhook:Url cannot be used")]
    [InlineData("ftp://example.com", Secret, "Metrics:Webhook:Url cannot be used")]
    [InlineData("https://example.com/hook", "short", "Metrics:Webhook:Secret has 5 characters")]
    public void Options_ThatCannotBe_AreRefusedWithoutRepeatingThem(string url, string secret, string expected)
    {
        var result = new MetricsOptionsCheck().Validate(null, new MetricsOptions { Webhook = new WebhookOptions { Url = url, Secret = secret } });
        result.FailureMessage.ShouldNotBeNull().ShouldContain(expected);
        result.FailureMessage.ShouldNotContain("example.com");
        result.FailureMessage.ShouldNotContain("short");
    }

    private static async Task<FiguresFolder> FolderAsync(string url)
    {
        var folder = await FiguresFolder.CreateAsync();
        (folder.Options.Value.Webhook.Url, folder.Options.Value.Webhook.Secret) = (url, Secret);
        return folder;
    }

    private static Task OpenAsync(FiguresFolder folder) => folder.Alerts.OpenAsync("default", new BudgetRule(1), new Measurement(2, 1, "over"), Token);

    private static async Task DeliverAsync(FiguresFolder folder, ILogger<WebhookCourier>? log = null)
    {
        using var courier = new WebhookCourier(folder.Deliveries, folder.Options, folder.Time, log ?? new ListLog());
        await courier.DeliverAsync(Token);
    }

    /// <summary>A receiver on a loopback port.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;

        private Receiver(WebApplication app) => _app = app;

        public ConcurrentQueue<(JsonElement Body, IHeaderDictionary Headers, string Text)> Received { get; } = [];

        public int Status { get; set; } = 204;

        public int Elsewhere { get; private set; }

        /// <summary>How many must be there before any is answered.</summary>
        public int AnswersFrom { get; set; }

        private TaskCompletionSource Enough { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Address => $"{_app.Urls.First()}/hook";

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var receiver = new Receiver(builder.Build());
            receiver._app.MapPost("/hook", async context =>
            {
                using var reader = new StreamReader(context.Request.Body);
                var text = await reader.ReadToEndAsync();
                receiver.Received.Enqueue((JsonDocument.Parse(text).RootElement, new HeaderDictionary(context.Request.Headers.ToDictionary()), text));
                if (receiver.Received.Count >= receiver.AnswersFrom)
                    receiver.Enough.TrySetResult();
                await receiver.Enough.Task.WaitAsync(context.RequestAborted);
                context.Response.StatusCode = receiver.Status;
                context.Response.Headers.Location = "/elsewhere";
            });
            receiver._app.MapPost("/elsewhere", () => receiver.Elsewhere++);
            await receiver._app.StartAsync();
            return receiver;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    private sealed class ListLog : ILogger<WebhookCourier>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{formatter(state, exception)} {exception}");
    }
}
