using System.Security.Cryptography;
using System.Text;
using Platform.V1;

namespace Platform.Contracts;

/// <summary>
/// Names a request by what decides its answer: normalised task, language, contract, workspace facts, prompt version.
/// Two requests with one fingerprint may share a verified answer; anything less is only an example.
/// </summary>
public static class TaskFingerprint
{
    /// <summary>Version of the prompt templates. Raise it with any change to a template.</summary>
    public const string PromptVersion = "2026-11.3";

    private const char Separator = '\u001f';

    /// <summary>The fingerprint, 64 hex digits.</summary>
    public static string Of(GenerateRequest request)
    {
        var text = new StringBuilder();
        text.Append(PromptVersion).Append(Separator)
            .Append(Normalise(request.Task)).Append(Separator)
            .Append(request.Kind).Append(Separator)
            .Append(request.Language).Append(Separator)
            .Append(Normalise(request.Contract)).Append(Separator)
            .Append(request.Project).Append(Separator)
            .Append(request.Platform).Append(Separator)
            .Append(request.System).Append(Separator)
            .Append(request.WorkspaceId).Append(Separator)
            .Append(request.WorkspacePath);
        foreach (var file in request.Files.Concat(request.Tests).OrderBy(f => f.Path, StringComparer.Ordinal))
            text.Append(Separator).Append(file.Path).Append(Separator).Append(file.Text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Folds white space and trailing full stops, keeps everything else: case and punctuation can matter to code.</summary>
    private static string Normalise(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
