using System.Globalization;

namespace Platform.Router;

/// <summary>Where sealed bytes stand: they open there and nowhere else.</summary>
internal static class JobPlaces
{
    public static string Request(string job) => $"jobs.request:{job}";

    public static string Result(string job) => $"jobs.result:{job}";

    public static string Failure(string job) => $"jobs.failure:{job}";

    public static string Snapshot(string job) => $"jobs.snapshot:{job}";

    public static string Event(string job, long number) => string.Create(CultureInfo.InvariantCulture, $"job_events.event:{job}:{number}");

    public static string Diff(string feedback) => $"feedback.diff:{feedback}";

    public static string Comment(string feedback) => $"feedback.comment:{feedback}";
}

/// <summary>A stored event.</summary>
internal sealed class EventRow
{
    public long Number { get; set; }

    public byte[] Event { get; set; } = [];
}

/// <summary>The text of a running job so far.</summary>
internal sealed class SnapshotRow
{
    public string Tenant { get; set; } = "";

    public string Subject { get; set; } = "";

    public string? Text { get; set; }

    public long Draft { get; set; }

    public long Number { get; set; }
}
