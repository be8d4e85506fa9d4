using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Privacy;

/// <summary>A class of data that is kept for a time only.</summary>
public interface IRetainedData
{
    /// <summary>Module that holds it.</summary>
    string Module { get; }

    /// <summary>Name of the class, as in <c>Privacy:RetentionDays:CLASS</c>.</summary>
    string Class { get; }

    /// <summary>Removes what is older, in small steps.</summary>
    /// <returns>Rows removed.</returns>
    Task<long> RemoveAsync(long beforeMs, CancellationToken token);
}

/// <summary>Settings of people's requests and of retention, section <c>Privacy</c>.</summary>
public sealed class PrivacyOptions
{
    private const int LongestDays = 36_500;

    /// <summary>
    /// Days that a class of data is kept: <c>jobs</c> (closed jobs with their events and feedback), <c>posts</c> (reviewed and closed posts that belong to a
    /// person), <c>requests</c> (people's requests that are done), <c>exports</c> (those of them that handed data out), <c>consents</c> (withdrawn ones),
    /// <c>engagement</c> (single events; totals stay), <c>outcomes</c> (totals of posts that did not change since), <c>experiments</c> (stopped ones),
    /// <c>strategies</c> (of finished campaigns). A class without a number is kept. Default: requests 730.
    /// </summary>
    public Dictionary<string, int> RetentionDays { get; set; } = [];

    /// <summary>How often old data is looked for, in minutes. Default 60.</summary>
    [Range(1, 10_080)]
    public int RetentionMinutes { get; set; } = 60;

    internal static readonly IReadOnlyDictionary<string, int> Defaults = new Dictionary<string, int> { ["requests"] = 730 };

    /// <summary>Days for a class; null when it is kept.</summary>
    internal int? DaysOf(string name) =>
        RetentionDays.TryGetValue(name, out var days) ? (days == 0 ? null : days) : Defaults.TryGetValue(name, out var fallback) ? fallback : null;

    /// <summary>Names the setting that is wrong.</summary>
    internal sealed class Check : IValidateOptions<PrivacyOptions>
    {
        private static readonly string[] Classes = ["jobs", "posts", "requests", "exports", "consents", "engagement", "outcomes", "experiments", "strategies"];

        public ValidateOptionsResult Validate(string? name, PrivacyOptions options)
        {
            var wrong = options.RetentionDays.Where(each => !Classes.Contains(each.Key)).Select(each => $"Privacy:RetentionDays:{each.Key} names no class; use one of {string.Join(", ", Classes)}.")
                .Concat(options.RetentionDays.Where(each => each.Value is < 0 or > LongestDays).Select(each => $"Privacy:RetentionDays:{each.Key} is {each.Value}; give days from 1 to {LongestDays}, or 0 to keep."))
                .ToList();
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
        }
    }
}
