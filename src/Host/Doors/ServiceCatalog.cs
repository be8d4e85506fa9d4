using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Platform.V1;

namespace Platform.Host;

/// <summary>The gRPC services that this process serves, with their descriptors.</summary>
internal sealed class ServiceCatalog(EndpointDataSource endpoints)
{
    private static readonly IReadOnlyList<FileDescriptor> Files =
        [.. typeof(Generation).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(property => property?.PropertyType == typeof(FileDescriptor))
            .Select(property => (FileDescriptor)property!.GetValue(null)!)];

    /// <summary>Full names of the services.</summary>
    public IReadOnlyList<string> Names() =>
        [.. endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.ServiceName)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Whether a service is served here.</summary>
    public bool Has(string service) => Names().Contains(service);

    /// <summary>A file by its name, or null.</summary>
    public static FileDescriptor? FileNamed(string name) => Closure(Files).FirstOrDefault(file => file.Name == name);

    /// <summary>The file that declares a service, method, message or enum, or null.</summary>
    public static FileDescriptor? FileOf(string symbol) => Files.FirstOrDefault(file => Declares(file, symbol));

    /// <summary>Files with everything they import, imports first.</summary>
    public static IEnumerable<FileDescriptor> Closure(IEnumerable<FileDescriptor> files) =>
        files.SelectMany(file => Closure(file.Dependencies).Append(file)).DistinctBy(file => file.Name);

    private static bool Declares(FileDescriptor file, string symbol) =>
        file.Services.Any(service => service.FullName == symbol || service.Methods.Any(method => method.FullName == symbol))
        || file.MessageTypes.Any(message => Declares(message, symbol))
        || file.EnumTypes.Any(type => type.FullName == symbol);

    private static bool Declares(MessageDescriptor message, string symbol) =>
        message.FullName == symbol || message.NestedTypes.Any(nested => Declares(nested, symbol)) || message.EnumTypes.Any(type => type.FullName == symbol);
}
