using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Platform.Host;

/// <summary>gRPC's own reflection protocol, so that clients such as grpcurl can explore the doors.</summary>
internal sealed class ReflectionGrpc(ServiceCatalog catalog) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(IAsyncStreamReader<ServerReflectionRequest> requestStream, IServerStreamWriter<ServerReflectionResponse> responseStream, ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => Services(),
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => File(ServiceCatalog.FileNamed(request.FileByFilename), request.FileByFilename),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => File(ServiceCatalog.FileOf(request.FileContainingSymbol), request.FileContainingSymbol),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => Error(StatusCode.NotFound, "No message here is extended."),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => Error(StatusCode.NotFound, "No message here is extended."),
        _ => Error(StatusCode.InvalidArgument, "The question is empty."),
    };

    private ServerReflectionResponse Services()
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(catalog.Names().Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private static ServerReflectionResponse File(FileDescriptor? file, string name)
    {
        if (file is null)
            return Error(StatusCode.NotFound, $"'{name}' is not known here.");
        var files = new FileDescriptorResponse();
        files.FileDescriptorProto.AddRange(ServiceCatalog.Closure([file]).Reverse().Select(each => each.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = files };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
