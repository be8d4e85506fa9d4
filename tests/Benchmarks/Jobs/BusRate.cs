using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Platform.Benchmarks.Jobs;

/// <summary>The floor of everything that goes over the bus: two hops through MassTransit alone, set up as the product sets it up.</summary>
internal static class BusRate
{
    private const int AtATime = 100;
    private const int Places = 32;
    private const string FirstQueue = "bench-first";
    private const string SecondQueue = "bench-second";

    /// <summary>Messages a second that arrive at the second queue. Without a broker over the in-memory transport.</summary>
    public static async Task<double> TwoHopsPerSecondAsync(Uri? broker, int count)
    {
        var arrived = new Arrivals(count);
        using var host = Build(broker, arrived);
        await host.StartAsync();
        var first = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{FirstQueue}"));
        await first.Send(new Hop(0));
        await arrived.First;
        var clock = Stopwatch.StartNew();
        foreach (var some in Enumerable.Range(1, count - 1).Chunk(AtATime))
            await Task.WhenAll(some.Select(number => first.Send(new Hop(number))));
        await arrived.All;
        var rate = (count - 1) / clock.Elapsed.TotalSeconds;
        await host.StopAsync();
        return rate;
    }

    private static IHost Build(Uri? broker, Arrivals arrived)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(static logs => logs.SetMinimumLevel(LogLevel.Error));
        builder.Services.AddSingleton(arrived);
        builder.Services.Configure<MassTransitHostOptions>(static options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            Add<FirstHop>(bus, FirstQueue);
            Add<SecondHop>(bus, SecondQueue);
            bus.AddConfigureEndpointsCallback(static (_, _, endpoint) => (endpoint as IRabbitMqReceiveEndpointConfigurator)?.SetQuorumQueue());
            if (broker is null)
                bus.UsingInMemory(static (context, transport) => transport.ConfigureEndpoints(context));
            else
            {
                bus.UsingRabbitMq((context, transport) =>
                {
                    transport.Host(broker, static host => host.PublisherConfirmation = true);
                    transport.ConfigureEndpoints(context);
                });
            }
        });
        return builder.Build();
    }

    private static void Add<T>(IBusRegistrationConfigurator bus, string queue)
        where T : class, IConsumer => bus.AddConsumer<T>().Endpoint(endpoint =>
        {
            endpoint.Name = queue;
            endpoint.PrefetchCount = Places;
            endpoint.ConcurrentMessageLimit = Places;
            endpoint.ConfigureConsumeTopology = false;
        });

    private sealed class FirstHop : IConsumer<Hop>
    {
        public async Task Consume(ConsumeContext<Hop> context)
        {
            var second = await context.GetSendEndpoint(new Uri($"exchange:{SecondQueue}"));
            await second.Send(context.Message, context.CancellationToken);
        }
    }

    private sealed class SecondHop(Arrivals arrivals) : IConsumer<Hop>
    {
        public Task Consume(ConsumeContext<Hop> context)
        {
            arrivals.Add();
            return Task.CompletedTask;
        }
    }
}

/// <summary>A message as large as a job's ticket.</summary>
/// <param name="Number">Which.</param>
public sealed record Hop(int Number)
{
    /// <summary>As long as a job's id and tenant.</summary>
    public string Text { get; init; } = "job-01999a1f8f2c7d6e-acme-production";
}

/// <summary>Counts messages at the end of their way.</summary>
internal sealed class Arrivals(int expected)
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public Task First => _first.Task;

    public Task All => _all.Task;

    public void Add()
    {
        var count = Interlocked.Increment(ref _count);
        _first.TrySetResult();
        if (count == expected)
            _all.TrySetResult();
    }
}
