using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// At start: opens connections, so that the first job does not pay for it, and says early when a configured model does not exist
/// (model ids live for months) or has other limits than the public catalogue says. Nothing here can fail the start.
/// </summary>
internal sealed partial class EngineWarmUp(EnginePool pool, InferenceOptions options, ILogger<EngineWarmUp> log) : BackgroundService
{
    private static readonly TimeSpan WarmLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.WarmUp)
            return;
        if (pool.Catalog.IsEmpty)
            LogNoEngine(EngineCatalog.HowToConfigure);
        await Task.WhenAll(pool.All.Where(engine => engine.Entry.Kind == EngineKind.Cerebras).Select(engine => WarmAsync(engine, stoppingToken)));
    }

    private async Task WarmAsync(Engine engine, CancellationToken token)
    {
        await GetAsync(engine, EngineHttp.Route(engine.Entry, "/tcp_warming"), WarmLimit, token);
        await CompareAsync(engine, token);
        if (await GetAsync(engine, EngineHttp.Route(engine.Entry, "/models"), ListLimit, token) is not { } body)
            return;
        try
        {
            using var json = JsonDocument.Parse(body);
            var known = json.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToHashSet();
            foreach (var model in new[] { engine.Entry.Quality.Id, engine.Entry.Fast.Id }.Distinct().Where(model => !known.Contains(model)))
                LogUnknownModel(engine.Name, model, string.Join(", ", known.Take(20)));
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            LogNoList(engine.Name, failure.Message);
        }
    }

    private async Task CompareAsync(Engine engine, CancellationToken token)
    {
        if (await GetAsync(engine, EngineHttp.PublicModels(engine.Entry), ListLimit, token) is not { } list)
            return;
        try
        {
            foreach (var difference in PublicCatalogue.Differences(engine.Entry, list))
                LogDiffers(engine.Name, difference);
        }
        catch (JsonException failure)
        {
            LogNoList(engine.Name, failure.Message);
        }
    }

    private async Task<string?> GetAsync(Engine engine, Uri address, TimeSpan limit, CancellationToken token)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token);
        either.CancelAfter(limit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (!engine.Entry.ApiKey.IsEmpty)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", engine.Entry.ApiKey.Value);
            using var response = await engine.Http.SendAsync(request, either.Token);
            return await response.Content.ReadAsStringAsync(either.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or EngineException or OperationCanceledException)
        {
            LogNoList(engine.Name, failure.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No engine is configured; every job that needs one will fail. {How}")]
    private partial void LogNoEngine(string how);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Engine} does not list the configured model '{Model}'. It lists: {Known}. Set Engines:{Engine}:Models.")]
    private partial void LogUnknownModel(string engine, string model, string known);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Engine}'s public catalogue differs from the configuration: {Difference} (Engines:{Engine}).")]
    private partial void LogDiffers(string engine, string difference);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Engine} could not be looked at beforehand: {Reason}")]
    private partial void LogNoList(string engine, string reason);
}
