using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Inference;

/// <summary>Spans and figures of the module, with OpenTelemetry's GenAI names where there are any.</summary>
internal static class InferenceTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Platform.Inference";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Time of one upstream call, in seconds.</summary>
    public static readonly Histogram<double> CallDuration = Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of one upstream call.");

    /// <summary>Time from sending a call to its first token, in seconds.</summary>
    public static readonly Histogram<double> FirstToken = Meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first token.");

    /// <summary>Tokens of one upstream call, by type.</summary>
    public static readonly Histogram<long> Tokens = Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of one upstream call.");

    /// <summary>Jobs that this worker closed, by state.</summary>
    public static readonly Counter<long> Jobs = Meter.CreateCounter<long>("platform.inference.jobs", "{job}", "Jobs closed by this worker.");

    /// <summary>Jobs that run now, by lane.</summary>
    public static readonly UpDownCounter<long> Running = Meter.CreateUpDownCounter<long>("platform.inference.running", "{job}", "Jobs that run now.");

    /// <summary>Leases lost while the job ran.</summary>
    public static readonly Counter<long> LostLeases = Meter.CreateCounter<long>("platform.inference.leases.lost", "{lease}", "Leases lost while the job ran.");
}
