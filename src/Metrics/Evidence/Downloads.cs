using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Platform.Metrics.Pages;
using Platform.V1;

namespace Platform.Metrics.Evidence;

/// <summary>What the pages offer to take away, and the small questions that their script asks.</summary>
internal static class Downloads
{
    internal static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/jobs/{id}/proof", ProofAsync);
        endpoints.MapGet("/campaigns/{id}/export", CampaignExport.ServeAsync);
        endpoints.MapGet("/roi/export", RoiExport.ServeAsync);
        endpoints.MapGet("/measures/export", MeasuresExport.ServeAsync);
        endpoints.MapPost("/campaigns/check", CheckAsync);
    }

    /// <summary>A file to be kept.</summary>
    public static IResult File(string name, string contentType, string text) => Results.File(Encoding.UTF8.GetBytes(text), $"{contentType}; charset=utf-8", SafeName(name));

    /// <summary>A JSON document to be kept.</summary>
    public static IResult Json(string name, object document) => File(name, MediaTypeNames.Application.Json, JsonSerializer.Serialize(document, Shape));

    private static async Task<IResult> ProofAsync(string id, ConsoleCaller caller)
    {
        var job = await caller.AskAsync(o => caller.Router.GetJobAsync(new GetJobRequest { JobId = id }, o));
        if (job.Value is null)
            return Refuse(job);
        var licences = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pattern in (job.Value.Result?.Patterns ?? []).DistinctBy(p => p.Id))
        {
            var known = await caller.AskAsync(o => caller.Memory.GetPatternAsync(new GetPatternRequest { Id = pattern.Id }, o));
            if (known.Value is { Licence.Length: > 0 } found)
                licences[pattern.Id] = found.Licence;
        }

        return Json($"proof-{id}.json", ProofCard.Of(job.Value, licences));
    }

    private static async Task<IResult> CheckAsync([FromForm] string? platform, [FromForm] string? text, [FromForm] int? threads, ConsoleCaller caller)
    {
        var preview = await PostPreview.AskAsync(caller, platform ?? "", text ?? "", threads ?? 0);
        return preview.Value is { Check: var said } shown
            ? Results.Json(new { said.Valid, said.Length, said.Limit, said.Unit, problems = said.Problems, shown.Parts, shown.Note }, Shape)
            : Refuse(preview);
    }

    /// <summary>Says why there is no file.</summary>
    public static IResult Refuse<T>(Answer<T> answer)
        where T : class => Results.Json(new { error = answer.Problem }, Shape, statusCode: answer.Code switch
        {
            StatusCode.NotFound => StatusCodes.Status404NotFound,
            StatusCode.InvalidArgument => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status502BadGateway,
        });

    /// <summary>A name that every file system takes.</summary>
    public static string SafeName(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '-'));
}
