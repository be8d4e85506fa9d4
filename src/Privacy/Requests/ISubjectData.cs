using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>What a module dropped of a subject.</summary>
/// <param name="Erased">Rows by kind; zero where it looked and found none.</param>
/// <param name="Remote">What may stand on platforms outside, "platform:post id".</param>
public sealed record DroppedData(IReadOnlyDictionary<string, long> Erased, IReadOnlyList<string> Remote);

/// <summary>A module's side of people's requests: reads and drops what it holds about one subject.</summary>
public interface ISubjectData
{
    /// <summary>Name of the module.</summary>
    string Module { get; }

    /// <summary>Everything that is held, opened.</summary>
    IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, CancellationToken token);

    /// <summary>Drops everything that is held. May be called again, also long after: then it drops what a restored backup brought back.</summary>
    Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token);
}

/// <summary>Receives the command to drop a subject, and acknowledges it when it is done.</summary>
/// <typeparam name="T">The module's side.</typeparam>
public sealed class SubjectErasedConsumer<T>(T data, IServiceProvider services) : IConsumer<SubjectErased>
    where T : class, ISubjectData
{
    /// <inheritdoc />
    public async Task Consume(ConsumeContext<SubjectErased> context)
    {
        var erased = context.Message;
        services.GetService<SubjectVault>()?.Forget(erased.Tenant, erased.SubjectId);
        var dropped = await data.DropAsync(erased.Tenant, erased.SubjectId, context.CancellationToken);
        await context.Publish(new SubjectDropped
        {
            RequestId = erased.RequestId,
            Module = data.Module,
            Erased = new Dictionary<string, long>(dropped.Erased),
            Remote = [.. dropped.Remote],
        }, context.CancellationToken);
    }
}

/// <summary>How a module takes part.</summary>
public static class SubjectDataSetup
{
    /// <summary>Registers a module's side of people's requests.</summary>
    public static IServiceCollection AddSubjectData<T>(this IServiceCollection services) where T : class, ISubjectData =>
        services.AddSingleton<T>().AddSingleton<ISubjectData>(provider => provider.GetRequiredService<T>());

    /// <summary>Consumes <see cref="SubjectErased"/> for a module, on a queue that its replicas share.</summary>
    public static void AddSubjectErasure<T>(this IBusRegistrationConfigurator bus, string module) where T : class, ISubjectData =>
        bus.AddConsumer<SubjectErasedConsumer<T>>().Endpoint(endpoint => endpoint.Name = $"{module}-subject-erased");
}
