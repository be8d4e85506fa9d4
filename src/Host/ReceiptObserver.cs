using System.Collections.Concurrent;
using MassTransit;
using Platform.Storage;

namespace Platform.Host;

/// <summary>Tells the outboxes what the receivers of the in-memory bus have taken in. A message that failed, or was still in line when the process ended, is not.</summary>
internal sealed class ReceiptObserver(Receipts receipts) : IConsumeObserver
{
    public Task PreConsume<T>(ConsumeContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context)
        where T : class
    {
        // A batch is no message of its own: each that is in it is told when the batch is done.
        if (context.MessageId is { } id && !(typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(Batch<>)))
            receipts.Take(typeof(T), id, context.ReceiveContext.InputAddress);
        return Task.CompletedTask;
    }

    public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}

/// <summary>How many consumers this process has for a message, each with a queue of its own.</summary>
internal sealed class Receivers(IServiceCollection services)
{
    private readonly ConcurrentDictionary<Type, int> _counts = new();

    public int Of(Type message) => _counts.GetOrAdd(message, type => services.Select(s => s.ServiceType).Distinct().Count(consumer => consumer.GetInterfaces().Any(i => Receives(i, type))));

    private static bool Receives(Type contract, Type message) =>
        contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IConsumer<>) && contract.GenericTypeArguments[0] is var taken && (taken == message || taken == typeof(Batch<>).MakeGenericType(message));
}
