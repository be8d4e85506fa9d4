using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Platform.Contracts;
using Platform.Privacy;
using Platform.ServiceDefaults;
using Platform.Storage;

namespace Platform.Host;

/// <summary>Builds a host from a list of modules: storage, bus, access, doors, then the modules, and nothing of its own.</summary>
public static class PlatformHost
{
    /// <summary>How long running jobs may take to finish after a stop was asked for.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(30);

    /// <summary>Builds the host; start it with <c>StartAsync</c>.</summary>
    /// <exception cref="HostUsageException">A module or setting is wrong.</exception>
    public static WebApplication Build(HostArguments arguments)
    {
        var chosen = Modules.Choose(arguments.Modules);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = [.. arguments.Settings],
            ContentRootPath = AppContext.BaseDirectory,
            ApplicationName = typeof(PlatformHost).Assembly.GetName().Name,
        });
        builder.Configuration.AddInMemoryCollection(arguments.Overrides);
        builder.WebHost.UseStaticWebAssets();
        builder.AddLogging();
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = options.ValidateScopes = true);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain + TimeSpan.FromSeconds(5));
        builder.AddStorage();
        builder.AddAccess();
        if (Modules.KeepRows(chosen))
            builder.AddPrivacy().AddPrivacyDesk();
        builder.Services.AddPeers(builder.Configuration);
        builder.AddServiceDefaults();
        builder.Services.AddAntiforgery();
        builder.Services.AddDataProtection().SetApplicationName("platform").PersistKeysToFileSystem(
            new DirectoryInfo(Path.Combine(builder.Configuration["PLATFORM_HOME"] ?? StoreSwitch.DefaultHome(), "keys")));
        builder.AddDoors(chosen);
        foreach (var module in chosen)
            module.Add(builder);
        builder.AddBus(chosen);
        arguments.Adjust?.Invoke(builder);

        var app = builder.Build();
        app.UseAccess();
        app.UseAntiforgery();
        app.MapServiceDefaults();
        app.MapDoors(chosen);
        if (Modules.KeepRows(chosen))
            app.MapPrivacy();
        foreach (var module in chosen)
            module.Map(app);
        return app;
    }

    /// <summary>Logs go to standard error, one line each: standard output belongs to commands. Frameworks speak only of trouble.</summary>
    private static void AddLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(static console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        foreach (var framework in new[] { "Microsoft", "System", "MassTransit", "Grpc" })
            builder.Logging.AddFilter(framework, LogLevel.Warning);
        // A start that fails is told once, by the command; a background service that fails still speaks, as critical.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        // A key ring in the data directory is protected by the directory's own permissions.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
    }

    /// <summary>One line on where a started host listens and what it is made of.</summary>
    public static string Describe(WebApplication app)
    {
        var doors = app.Services.GetRequiredService<OpenDoors>();
        var store = StoreSwitch.UsesServer(app.Configuration) ? "PostgreSQL" : app.Services.GetRequiredService<DataDirectory>().Path;
        return $"platform: http {doors.Http}  grpc {doors.Grpc}  modules {string.Join(",", doors.Modules)}  store {store}  bus {BusSwitch.NameOf(app.Configuration)}";
    }
}
