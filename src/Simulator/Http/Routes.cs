using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Simulator.Anthropic;
using Platform.Simulator.Cerebras;
using Platform.Simulator.OpenAi;

namespace Platform.Simulator.Http;

/// <summary>Which path belongs to which API.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder app, SimulatorOptions options, ChatHandler handler)
    {
        var all = options.Engine is null;
        if (all || options.Engine == SimulatorEngine.Cerebras)
            MapCerebras(app, options, handler);
        if (all || options.Engine == SimulatorEngine.Anthropic)
            MapAnthropic(app, options, handler, models: !all);
        if (all || options.Engine == SimulatorEngine.OpenAi)
            MapOpenAi(app, options, handler, all ? "/openai" : "");
        Get(app, "/health", http => WriteAsync(http, 200, json => Object(json, "status", "ok")));
        app.MapFallback("{**path}", http =>
        {
            // The real edge answers an unknown path with an empty 404.
            http.Response.StatusCode = 404;
            http.Response.ContentType = "text/plain";
            return Task.CompletedTask;
        });
    }

    private static void MapCerebras(IEndpointRouteBuilder app, SimulatorOptions options, ChatHandler handler)
    {
        var api = new CerebrasApi(options.MixesJson);
        Post(app, "/v1/chat/completions", http => handler.HandleAsync(http, api));
        Get(app, "/v1/tcp_warming", http =>
        {
            handler.CountWarmUp();
            return http.Response.WriteAsync("warmed");
        });
        Get(app, "/v1/models", http => Guarded(http, api, options, () => WriteAsync(http, 200, json => ModelLists.Cerebras(json, options.Models))));
        Get(app, "/v1/models/{id}", http => Guarded(http, api, options, () => ModelLists.Exists(Id(http), options.Models)
            ? WriteAsync(http, 200, json => ModelLists.CerebrasModel(json, Id(http)))
            : Delivery.SendErrorAsync(http.Response, api.Error(Refusal.UnknownModel, Id(http), 0), http.RequestAborted)));
        Get(app, "/public/v1/models", http => WriteAsync(http, 200, json => ModelLists.Public(json, options.Models)));
        Get(app, "/public/v1/models/{id}", http => ModelLists.Exists(Id(http), options.Models)
            ? WriteAsync(http, 200, json => ModelLists.PublicModel(json, Id(http)))
            : WriteAsync(http, 404, json => Object(json, "detail", $"Model '{Id(http)}' not found or not publicly available")));
    }

    private static void MapAnthropic(IEndpointRouteBuilder app, SimulatorOptions options, ChatHandler handler, bool models)
    {
        var api = new AnthropicApi();
        Post(app, "/v1/messages", http => handler.HandleAsync(http, api));
        if (models)
            Get(app, "/v1/models", http => Guarded(http, api, options, () => WriteAsync(http, 200, json => ModelLists.Anthropic(json, options.Models))));
    }

    private static void MapOpenAi(IEndpointRouteBuilder app, SimulatorOptions options, ChatHandler handler, string prefix)
    {
        var api = new OpenAiApi();
        Post(app, prefix + "/v1/chat/completions", http => handler.HandleAsync(http, api));
        Get(app, prefix + "/v1/models", http => Guarded(http, api, options, () => WriteAsync(http, 200, json => ModelLists.OpenAi(json, options.Models))));
    }

    private static void Get(IEndpointRouteBuilder app, string path, RequestDelegate answer) => app.MapGet(path, http =>
    {
        http.Response.Headers[Labels.Header] = "true";
        return answer(http);
    });

    private static void Post(IEndpointRouteBuilder app, string path, RequestDelegate answer) => app.MapPost(path, answer);

    private static Task Guarded(HttpContext http, IApi api, SimulatorOptions options, Func<Task> answer) =>
        api.Authorize(http.Request.Headers, options.ApiKey) is { } error
            ? Delivery.SendErrorAsync(http.Response, error, http.RequestAborted)
            : answer();

    private static string Id(HttpContext http) => http.Request.RouteValues["id"] as string ?? "";

    private static void Object(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartObject();
        json.WriteString(name, value);
        json.WriteEndObject();
    }

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(JsonText.Bytes(write), http.RequestAborted);
    }
}
