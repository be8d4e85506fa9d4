namespace Platform.Maya;

/// <summary>Words of experiments.</summary>
internal static class ExperimentWords
{
    public const string Running = "running";
    public const string Stopped = "stopped";
    public const string Thompson = "thompson";
    public const string Split = "split";
    public const string Impression = "impression";
    public const string Post = "post";
    public const string Text = "text";
    public const string Prompt = "prompt";
    public const string Model = "model";

    public static readonly IReadOnlyList<string> Kinds = [Text, Prompt, Model];
    public static readonly IReadOnlyList<string> Allocations = [Thompson, Split];
    public static readonly IReadOnlyList<string> Units = [Impression, Post];
}

/// <summary>A row of the experiments table.</summary>
internal sealed class ExperimentRow
{
    public string Tenant { get; set; } = "";

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string Kind { get; set; } = "";

    public string State { get; set; } = ExperimentWords.Running;

    public string Allocation { get; set; } = "";

    public string Unit { get; set; } = "";

    public string Metric { get; set; } = "";

    public long Minimum { get; set; }

    public double Alpha { get; set; }

    public long HalfLife { get; set; }

    public double BaselineRate { get; set; }

    public long Simulated { get; set; }

    public string IdempotencyKey { get; set; } = "";

    public long CreatedMs { get; set; }
}

/// <summary>A row of the arms table.</summary>
internal sealed class ArmRow
{
    public string Tenant { get; set; } = "";

    public string ExperimentId { get; set; } = "";

    public long Ordinal { get; set; }

    public string Name { get; set; } = "";

    public string Content { get; set; } = "";

    public double Weight { get; set; }

    public long Assigned { get; set; }

    public long Trials { get; set; }

    public long Successes { get; set; }

    public long Guards { get; set; }

    public long Impressions { get; set; }

    public double FreshSuccesses { get; set; }

    public double FreshFailures { get; set; }

    /// <summary>Successes and trials; clicks may arrive before the impressions they belong to.</summary>
    public (long Successes, long Trials) Counts => (Math.Min(Successes, Trials), Trials);

    /// <summary>Guard events and the impressions they were among.</summary>
    public (long Successes, long Trials) GuardCounts => (Math.Min(Guards, Impressions), Impressions);
}

/// <summary>Results for one arm.</summary>
/// <param name="Arm">Arm.</param>
/// <param name="Trials">Trials.</param>
/// <param name="Successes">Successes among them.</param>
/// <param name="Impressions">Impressions; the same as the trials unless a post is one trial.</param>
/// <param name="Guards">Guard events among the impressions.</param>
internal sealed record ArmResult(string Arm, long Trials, long Successes, long Impressions, long Guards);
