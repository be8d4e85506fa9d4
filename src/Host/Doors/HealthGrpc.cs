using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Host;

/// <summary>gRPC's own health protocol over the same checks as <c>/health</c>. Every service of a process shares its state.</summary>
internal sealed class HealthGrpc(HealthCheckService checks, ServiceCatalog catalog, IHostApplicationLifetime lifetime, TimeProvider time) : Health.HealthBase
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (request.Service.Length > 0 && !catalog.Has(request.Service))
            throw new RpcException(new Status(StatusCode.NotFound, $"Service '{request.Service}' is not served here."));
        return new HealthCheckResponse { Status = await StatusAsync(context.CancellationToken) };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        var known = request.Service.Length == 0 || catalog.Has(request.Service);
        HealthCheckResponse.Types.ServingStatus? last = null;
        // The watch ends with the host: a stop waits for open calls, and must not wait for this one.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        while (true)
        {
            var now = known ? await StatusAsync(context.CancellationToken) : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
            if (now != last)
                await responseStream.WriteAsync(new HealthCheckResponse { Status = now }, context.CancellationToken);
            if (lifetime.ApplicationStopping.IsCancellationRequested)
                return;
            last = now;
            await Task.Delay(LookEvery, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<HealthCheckResponse.Types.ServingStatus> StatusAsync(CancellationToken token) =>
        (await checks.CheckHealthAsync(token)).Status == HealthStatus.Unhealthy
            ? HealthCheckResponse.Types.ServingStatus.NotServing
            : HealthCheckResponse.Types.ServingStatus.Serving;
}
