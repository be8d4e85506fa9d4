using MassTransit;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Privacy;
using Platform.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Host;

/// <summary>The broker did not answer at start.</summary>
public sealed class BusUnreachableException(string where, Exception inner)
    : Exception($"The broker {where} does not answer: {inner.GetBaseException().Message.TrimEnd('.')}. Check ConnectionStrings:messaging and that the server runs.", inner);

/// <summary>
/// The bus switch, read here and nowhere else: RabbitMQ when <c>ConnectionStrings:messaging</c> is set, in-memory otherwise.
/// What is particular to a transport stays in this file.
/// </summary>
public static class BusSwitch
{
    private const string ConnectionName = "messaging";

    /// <summary>With pauses of up to 10 s about a quarter of an hour, well inside the broker's own limit of half an hour for a message.</summary>
    private const int StoreTries = 90;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(40);

    /// <summary>"RabbitMQ" or "in-memory", for messages.</summary>
    public static string NameOf(IConfiguration configuration) => Connection(configuration) is null ? "in-memory" : "RabbitMQ";

    /// <summary>Adds the bus with the consumers of the chosen modules.</summary>
    public static void AddBus(this WebApplicationBuilder builder, IReadOnlyList<Module> modules)
    {
        var connection = Connection(builder.Configuration);
        builder.Services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = true;
            options.StartTimeout = StartLimit;
            options.StopTimeout = PlatformHost.Drain + TimeSpan.FromSeconds(3);
            options.ConsumerStopTimeout = PlatformHost.Drain;
        });
        builder.Services.AddSingleton(new BusTraits(IsDurable: connection is not null));
        if (connection is not null)
            builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<BrokerStart>(services, connection));
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var module in modules)
                module.Consume(bus);
            if (Modules.KeepRows(modules))
                bus.AddPrivacyConsumers();
            bus.AddConfigureEndpointsCallback(static (_, name, endpoint) => ConfigureEndpoint(name, endpoint));
            if (connection is null)
            {
                builder.Services.AddSingleton(new Receipts(new Receivers(builder.Services).Of)).AddConsumeObserver<ReceiptObserver>();
                bus.UsingInMemory(static (context, transport) => transport.ConfigureEndpoints(context));
            }
            else
            {
                bus.UsingRabbitMq((context, transport) => ConfigureRabbit(context, transport, connection));
            }
        });
    }

    private static void ConfigureEndpoint(string name, IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit && !IsTemporary(name))
            rabbit.SetQuorumQueue();
        // Outer: a database that is away for a while costs patience, never a message. Inner: anything else is tried a few times and then set aside.
        endpoint.UseMessageRetry(static retry =>
        {
            retry.Handle<Exception>(StoreFaults.IsTransient);
            retry.Exponential(StoreTries, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500));
        });
        endpoint.UseMessageRetry(static retry =>
        {
            // A policy that gave up is not asked again by the outer one, so each looks after its own kind.
            retry.Ignore<Exception>(StoreFaults.IsTransient);
            retry.Intervals(100, 500, 2_000);
        });
    }

    private static void ConfigureRabbit(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator transport, Uri connection)
    {
        transport.Host(connection, static host => host.PublisherConfirmation = true);
        // A ticket that no queue takes must come back as an error instead of vanishing: the ledger then sends it again later.
        transport.ConfigureSend(static pipe => pipe.UseExecute(static send =>
        {
            if (send is SendContext<GenerationRequested> && send.TryGetPayload(out RabbitMqSendContext? rabbit))
                rabbit.Mandatory = true;
        }));
        transport.ConfigureEndpoints(context);
    }

    /// <summary>Queues that live as long as their process; the modules name them so.</summary>
    private static bool IsTemporary(string name) => name.StartsWith("progress-", StringComparison.Ordinal) || name.StartsWith("temporary-", StringComparison.Ordinal);

    private static Uri? Connection(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString(ConnectionName);
        if (string.IsNullOrEmpty(text))
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "rabbitmq"
            ? uri
            : throw new HostUsageException("ConnectionStrings:messaging is not an address such as amqp://user:password@host:5672.");
    }
}

/// <summary>
/// Waits for the broker before anything else starts: left to itself the bus would try for ever and say little. A broker that does
/// not answer is tried again with a message; after <see cref="Attempts"/> tries the start fails.
/// </summary>
internal sealed partial class BrokerStart(Uri address, TimeProvider time, ILogger<BrokerStart> log) : IHostedLifecycleService
{
    internal const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await AskAsync(cancellationToken);
                return;
            }
            catch (BusUnreachableException e) when (attempt < Attempts)
            {
                LogWaiting(e.Message, attempt, Attempts);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Opens a connection with name, password and virtual host, and closes it.</summary>
    private async Task AskAsync(CancellationToken token)
    {
        // The bus also takes "rabbitmq" for the plain protocol, the client does not.
        var uri = new UriBuilder(address) { Scheme = address.Scheme == "amqps" ? "amqps" : "amqp" }.Uri;
        var factory = new ConnectionFactory { Uri = uri, AutomaticRecoveryEnabled = false, RequestedConnectionTimeout = Patience };
        try
        {
            await using var connection = await factory.CreateConnectionAsync("platform-start", token);
            await connection.CloseAsync(token);
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or IOException)
        {
            throw new BusUnreachableException($"{factory.HostName}:{factory.Endpoint.Port}", e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem} Trying again ({Attempt} of {Attempts}).")]
    private partial void LogWaiting(string problem, int attempt, int attempts);
}
