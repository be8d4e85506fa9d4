namespace Platform.Router;

/// <summary>This process among the replicas of the router: the name of its temporary progress queue.</summary>
internal sealed class Replica
{
    /// <summary>Queue of this process, gone when the process is.</summary>
    public string Queue { get; } = $"progress-{Guid.NewGuid():N}";

    /// <summary>Address that workers send progress to; the same on both transports.</summary>
    public string Address => $"exchange:{Queue}?temporary=true";
}
