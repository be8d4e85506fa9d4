using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Metrics;

/// <summary>Checks every section of the options; each problem names the key, the value found and what is allowed.</summary>
internal sealed class MetricsOptionsCheck : IValidateOptions<MetricsOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, MetricsOptions options)
    {
        var problems = Problems(nameof(MetricsOptions.Keep), options.Keep)
            .Concat(Problems(nameof(MetricsOptions.Roi), options.Roi))
            .Concat(Problems(nameof(MetricsOptions.Alerts), options.Alerts))
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
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
