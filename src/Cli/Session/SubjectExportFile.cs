using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using Platform.V1;

namespace Platform.Cli;

/// <summary>What is held about a person, as it is handed over: the records, and a manifest that says what they are and how complete.</summary>
internal sealed class SubjectExportFile
{
    private const int FormatVersion = 1;
    private const string DataName = "data.json";
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    private SubjectExportFile(List<SubjectRecord> records, ExportManifest manifest) => (Records, Manifest) = (records, manifest);

    /// <summary>Everything that is held.</summary>
    public IReadOnlyList<SubjectRecord> Records { get; }

    /// <summary>What the export holds.</summary>
    public ExportManifest Manifest { get; }

    /// <summary>Reads the answer of a host.</summary>
    /// <exception cref="CommandException">The answer broke off.</exception>
    public static async Task<SubjectExportFile> ReadAsync(IAsyncStreamReader<ExportedPart> parts, CancellationToken token)
    {
        var records = new List<SubjectRecord>();
        ExportManifest? manifest = null;
        await foreach (var part in parts.ReadAllAsync(token))
        {
            if (part.WhatCase == ExportedPart.WhatOneofCase.Record)
                records.Add(part.Record);
            manifest = part.Manifest ?? manifest;
        }

        return new(records, manifest ?? throw new CommandException(ExitCodes.Failed, "The export broke off before its manifest; it is not complete."));
    }

    /// <summary>The document of <c>--json</c>.</summary>
    public object Document(bool withRecords) => new
    {
        request = Manifest.Request.Id,
        subject = Manifest.Request.Pseudonym,
        Manifest.MadeMs,
        Manifest.Request.DueMs,
        Manifest.Complete,
        modules = Modules(),
        records = withRecords ? Records.Select(Of) : [],
    };

    /// <summary>Writes data.json and manifest.json, which names the other's size and hash.</summary>
    public async Task WriteAsync(DirectoryInfo folder, CancellationToken token)
    {
        folder.Create();
        var data = JsonSerializer.SerializeToUtf8Bytes(Records.Select(Of), Shape);
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, DataName), data, token);
        var manifest = new
        {
            format = FormatVersion,
            request = Manifest.Request.Id,
            law = Manifest.Request.Law,
            subject = Manifest.Request.Pseudonym,
            made = DateTimeOffset.FromUnixTimeMilliseconds(Manifest.MadeMs),
            Manifest.Complete,
            modules = Modules(),
            files = new[] { new { name = DataName, bytes = data.LongLength, sha256 = Convert.ToHexStringLower(SHA256.HashData(data)), records = Records.Count } },
        };
        await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "manifest.json"), JsonSerializer.SerializeToUtf8Bytes(manifest, Shape), token);
    }

    private IEnumerable<object> Modules() => Manifest.Modules.Select(module => new { module.Module, module.Answered, module.Records, module.Problem });

    private static object Of(SubjectRecord record) => new { record.Module, record.Kind, record.Id, record.AtMs, data = JsonElement.Parse(record.Json) };
}
