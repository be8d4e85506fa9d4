using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Tests.Patterns;

/// <summary>A local server of <c>/v1/embeddings</c>: a vector counts the words of its text by their hash, so that texts with the same words are near.</summary>
internal sealed class EmbeddingStandIn : IAsyncDisposable
{
    public const int Dimensions = 64;
    private readonly WebApplication _app;

    private EmbeddingStandIn(WebApplication app) => _app = app;

    public string Address { get; private set; } = "";

    /// <summary>Texts of each request, in the order they came.</summary>
    public List<string[]> Requests { get; } = [];

    /// <summary>Authorization headers, in the order they came.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>What is answered instead of vectors; null for vectors. Given the number of the request, from 1, and its texts.</summary>
    public Func<int, string[], IResult?> Instead { get; set; } = static (_, _) => null;

    public static async Task<EmbeddingStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var standIn = new EmbeddingStandIn(app);
        app.MapPost("/v1/embeddings", (HttpRequest request, JsonElement body) => standIn.Answer(request, body));
        await app.StartAsync();
        standIn.Address = app.Urls.First();
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Answer(HttpRequest request, JsonElement body)
    {
        var texts = body.GetProperty("input").EnumerateArray().Select(t => t.GetString()!).ToArray();
        int number;
        lock (Requests)
        {
            Requests.Add(texts);
            Keys.Add(request.Headers.Authorization.ToString());
            number = Requests.Count;
        }

        return Instead(number, texts) ?? Results.Json(new { data = texts.Select((text, index) => new { index, embedding = Vector(text) }).Reverse() });
    }

    private static float[] Vector(string text)
    {
        var vector = new float[Dimensions];
        foreach (var word in text.Split(' ', '\n', '.', '(', ')', ','))
            vector[(word.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)) & int.MaxValue) % Dimensions]++;
        return vector;
    }
}
