using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Maya;

/// <summary>Settings of engine moderation, section <c>Maya:Moderation</c>. Without a URL no engine moderates.</summary>
public sealed class ModerationOptions
{
    /// <summary>A text that nobody judged is held back.</summary>
    public const string Block = "block";

    /// <summary>A text that nobody judged goes on, and its reasons say so.</summary>
    public const string Allow = "allow";

    /// <summary>Address of an OpenAI-compatible moderation endpoint, such as <c>https://api.openai.com/v1/moderations</c>; default none. HTTPS, or HTTP on this machine.</summary>
    public string Url { get; set; } = "";

    /// <summary>Its key; default none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Model to ask; default that of the endpoint.</summary>
    public string Model { get; set; } = "";

    /// <summary>What happens to a text when the endpoint fails: "block" (default) or "allow".</summary>
    public string OnFailure { get; set; } = Block;

    /// <summary>How long an answer is waited for; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Names the setting that is wrong.</summary>
    internal sealed class Check : IValidateOptions<ModerationOptions>
    {
        public ValidateOptionsResult Validate(string? name, ModerationOptions options)
        {
            if (options.OnFailure is not (Block or Allow))
                return ValidateOptionsResult.Fail($"Maya:Moderation:OnFailure is '{options.OnFailure}'; use {Block} or {Allow}.");
            if (options.Url.Length == 0)
                return ValidateOptionsResult.Success;
            return Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"Maya:Moderation:Url is '{options.Url}'; use an address such as https://api.openai.com/v1/moderations (HTTP only on this machine).");
        }
    }
}
