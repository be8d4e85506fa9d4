using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ValidationResult = System.ComponentModel.DataAnnotations.ValidationResult;

namespace Platform.Contracts;

/// <summary>A setting cannot be used. The message names the key, the value found and a good value.</summary>
/// <param name="message">The whole sentence.</param>
public sealed class SettingException(string message) : InvalidOperationException(message);

/// <summary>Reads a section of the configuration into an options type, so that every error names the key, the value found and a good value.</summary>
public static class SettingsReader
{
    /// <summary>Binds <typeparamref name="T"/> to a section; what is wrong with it ends the start of the host.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Section, such as "Router".</param>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section) where T : class, new() =>
        services.AddOptions<T>()
            .Configure<IConfiguration>((_, configuration) => CheckText(configuration.GetSection(section), typeof(T), new T()))
            .BindConfiguration(section)
            .PostConfigure(options => Check(section, options))
            .ValidateOnStart();

    /// <summary>Reads a section now, for what is needed before the container is built.</summary>
    /// <exception cref="SettingException">A value is wrong.</exception>
    public static T Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        var options = new T();
        CheckText(configuration.GetSection(section), typeof(T), options);
        configuration.GetSection(section).Bind(options);
        Check(section, options);
        return options;
    }

    /// <summary>Holds options to their own data annotations.</summary>
    /// <exception cref="SettingException">A value is out of its range.</exception>
    public static void Check(string section, object options)
    {
        var problems = new List<ValidationResult>();
        if (Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
            return;
        var name = problems[0].MemberNames.FirstOrDefault() ?? "";
        var property = options.GetType().GetProperty(name);
        throw property is not null && Attribute.GetCustomAttribute(property, typeof(RangeAttribute)) is RangeAttribute range
            ? Wrong($"{section}:{name}", $"{property.GetValue(options)}", $"a value from {range.Minimum} to {range.Maximum}", property.GetValue(Activator.CreateInstance(options.GetType())))
            : new SettingException($"{section}:{name}: {problems[0].ErrorMessage}");
    }

    /// <summary>Looks at every value before the framework's binder does, whose errors name neither a good value nor, always, the key.</summary>
    private static void CheckText(IConfigurationSection section, Type type, object? defaults)
    {
        foreach (var child in section.GetChildren())
        {
            var property = type.GetProperties().FirstOrDefault(each => each.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
            if ((property?.PropertyType ?? ElementOf(type)) is not { } wanted)
                continue;
            var absent = property is null || defaults is null ? null : property.GetValue(defaults);
            if (child.Value is { } text && IsPlain(wanted))
                CheckValue(child.Path, text, Nullable.GetUnderlyingType(wanted) ?? wanted, absent);
            else
                CheckText(child, wanted, absent);
        }
    }

    private static void CheckValue(string key, string text, Type type, object? absent)
    {
        var valid = type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) : TypeDescriptor.GetConverter(type).IsValid(text);
        if (text.Length > 0 && !valid)
            throw Wrong(key, text, Wanted(type), absent);
    }

    private static SettingException Wrong(string key, string found, string good, object? absent) =>
        new($"{key} is '{found}'; give {good}{(absent is null or "" ? "" : $" (default {absent})")}.");

    private static string Wanted(Type type) =>
        type == typeof(bool) ? "true or false"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : type.IsPrimitive ? "a whole number"
        : type == typeof(TimeSpan) ? "a time such as 00:00:30"
        : $"a {type.Name}";

    private static bool IsPlain(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain
        && (plain.IsPrimitive || plain.IsEnum || plain == typeof(decimal) || plain == typeof(TimeSpan) || plain == typeof(Uri));

    private static Type? ElementOf(Type type) =>
        !typeof(IEnumerable).IsAssignableFrom(type) || type == typeof(string) ? null : type.IsArray ? type.GetElementType() : type.GetGenericArguments().LastOrDefault();
}
