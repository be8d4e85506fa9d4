using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Metrics;

/// <summary>Checks every section of the options; each problem names the key, the value found and what is allowed.</summary>
internal sealed class MetricsOptionsCheck : IValidateOptions<MetricsOptions>
{
    private const int ShortestSecret = 16;

    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MetricsOptions options)
    {
        var problems = Problems(nameof(MetricsOptions.Keep), options.Keep)
            .Concat(Problems(nameof(MetricsOptions.Roi), options.Roi))
            .Concat(Problems(nameof(MetricsOptions.Alerts), options.Alerts))
            .Concat(WebhookProblems(options.Webhook))
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>The values are not repeated: address and secret are both to be kept.</summary>
    private static IEnumerable<string> WebhookProblems(WebhookOptions webhook)
    {
        if (webhook.Url.Length == 0)
            yield break;
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
            yield return $"{MetricsOptions.Section}:{nameof(MetricsOptions.Webhook)}:{nameof(WebhookOptions.Url)} cannot be used; give an address that begins with https://, or http:// on loopback.";
        if (webhook.Secret.Length < ShortestSecret)
            yield return $"{MetricsOptions.Section}:{nameof(MetricsOptions.Webhook)}:{nameof(WebhookOptions.Secret)} has {webhook.Secret.Length} characters; give at least {ShortestSecret}, such as the output of: openssl rand -hex 32.";
    }

    private static IEnumerable<string> Problems(string section, object values)
    {
        foreach (var property in values.GetType().GetProperties())
        {
            var value = property.GetValue(values);
            foreach (var range in property.GetCustomAttributes(typeof(RangeAttribute), inherit: true).Cast<RangeAttribute>())
            {
                if (!range.IsValid(value))
                    yield return string.Create(CultureInfo.InvariantCulture, $"{MetricsOptions.Section}:{section}:{property.Name} is {value}; use a value from {range.Minimum} to {range.Maximum}.");
            }
        }
    }
}
