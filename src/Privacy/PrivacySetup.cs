using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>Puts keys, the audit log and the keys of subjects into a host. The host calls it, and every module that seals or audits may too.</summary>
public static class PrivacySetup
{
    /// <summary>Name of the store of keys, audit log and requests; its tables stand beside those of the modules.</summary>
    public const string Store = "access";

    /// <summary>Adds the stores; a second call changes nothing.</summary>
    public static IHostApplicationBuilder AddPrivacy(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(SubjectVault)))
            return builder;
        builder.AddDatabase(Store, typeof(PrivacySetup).Assembly);
        services.AddSingleton(StoreSwitch.FindVault(builder.Configuration));
        services.AddSettings<SealingOptions>("Sealing");
        services.AddSingleton<IValidateOptions<SealingOptions>, SealingOptionsCheck>();
        services.AddSingleton<MasterKeys>().AddSingleton<VaultStore>();
        services.AddSingleton(provider => new SubjectVault(provider.GetRequiredService<VaultStore>(), provider.GetRequiredService<MasterKeys>(),
            provider.GetRequiredService<IOptions<SealingOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SubjectRotation>();
        services.AddSingleton(provider => new AuditLog(provider.GetRequiredKeyedService<Database>(Store), provider.GetRequiredService<MasterKeys>(),
            provider.GetRequiredService<VaultStore>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditLog>>()));
        services.AddSingleton(provider => new AuditCheck(provider.GetRequiredKeyedService<Database>(Store), provider.GetRequiredService<MasterKeys>(), provider.GetRequiredService<VaultStore>()));
        services.AddSingleton(provider => new ApiKeys(provider.GetRequiredKeyedService<Database>(Store), provider.GetRequiredService<AuditLog>(), provider.GetRequiredService<TimeProvider>()));
        return builder;
    }

    /// <summary>Adds what answers people and administrators: once a process, by the host.</summary>
    public static void AddPrivacyDesk(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<PrivacyOptions>("Privacy");
        services.AddSingleton<IValidateOptions<PrivacyOptions>, PrivacyOptions.Check>();
        services.AddSingleton<RequestStore>().AddSingleton<ConsentStore>().AddSingleton<PrivacyDesk>().AddSingleton<SubjectExport>();
        services.AddSingleton<Erasure>().AddHostedService(provider => provider.GetRequiredService<Erasure>());
        services.AddSingleton<RetentionStore>().AddSingleton<IRetainedData>(provider => provider.GetRequiredService<RetentionStore>());
        services.AddSingleton<IRetainedData>(provider => RetainedRecords.OfConsents(provider.GetRequiredKeyedService<Database>(Store)));
        services.AddSingleton<IRetainedData>(provider => RetainedRecords.OfExports(provider.GetRequiredKeyedService<Database>(Store)));
        services.AddSingleton<RetentionJob>().AddHostedService(provider => provider.GetRequiredService<RetentionJob>());
    }

    /// <summary>Receives what modules acknowledge; every process that keeps rows shares the queue.</summary>
    public static void AddPrivacyConsumers(this IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<SubjectDroppedConsumer>().Endpoint(endpoint => endpoint.Name = "privacy-acknowledgements");

    /// <summary>Maps the doors of keys, audit log and privacy.</summary>
    public static void MapPrivacy(this WebApplication app)
    {
        app.MapGrpcService<AccessGrpc>();
        app.MapGrpcService<PrivacyGrpc>();
        app.MapGrpcService<SubjectDataGrpc>();
    }
}
