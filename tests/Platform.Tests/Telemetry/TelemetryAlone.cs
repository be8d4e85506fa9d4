namespace Platform.Tests.Telemetry;

/// <summary>
/// Activity listeners are process-wide: a collector of one test hears the hosts of all others, and its queue overflows.
/// So these specs run when nothing else does.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryAlone
{
    public const string Name = "telemetry";
}
