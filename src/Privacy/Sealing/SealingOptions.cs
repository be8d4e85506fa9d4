using Microsoft.Extensions.Options;

namespace Platform.Privacy;

/// <summary>Master keys, section <c>Sealing</c>. An embedded host needs none: it makes its own and keeps it in a file.</summary>
public sealed class SealingOptions
{
    /// <summary>The master key: 32 random bytes in base64 (make one with: openssl rand -base64 32). Default: none.</summary>
    public string MasterKey { get; set; } = "";

    /// <summary>Further master keys that may still, or already, have wrapped something: the old and the new one while keys are rotated. Default: none.</summary>
    public List<string> OtherMasterKeys { get; set; } = [];

    /// <summary>How long a process may go on with what it knows of a subject, in seconds. Default 2.</summary>
    [System.ComponentModel.DataAnnotations.Range(0, 60)]
    public double CacheSeconds { get; set; } = 2;
}

/// <summary>Names the setting that is wrong and never its value, which is a secret.</summary>
internal sealed class SealingOptionsCheck : IValidateOptions<SealingOptions>
{
    public ValidateOptionsResult Validate(string? name, SealingOptions options)
    {
        var wrong = options.OtherMasterKeys.Select((key, i) => (Setting: $"Sealing:OtherMasterKeys:{i}", Key: key)).Prepend(("Sealing:MasterKey", options.MasterKey))
            .Where(each => each.Item2.Length > 0 && MasterKey.Read(each.Item2) is null)
            .Select(each => $"{each.Item1} is not 32 bytes in base64 (44 characters); make one with: openssl rand -base64 32").ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
