using System.ComponentModel.DataAnnotations;

namespace Platform.Maya;

/// <summary>Settings of the content module, section <c>Maya</c>.</summary>
public sealed class MayaOptions
{
    /// <summary>Most posts of one campaign; default 100,000, which is also the most the router takes as one batch.</summary>
    [Range(1, 100_000)]
    public int MaxPosts { get; set; } = 100_000;

    /// <summary>Longest brief of a campaign or post, in bytes of UTF-8; default 262,144.</summary>
    [Range(1_024, 4_194_304)]
    public int MaxBriefBytes { get; set; } = 262_144;

    /// <summary>How long a submission is waited for before the campaign is returned as running; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan SubmitWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Pause before a submission that failed is tried again; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan SubmitRetry { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause before a post that no engine answered is asked for again; twice as long each time, up to 32 times. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan EngineRetry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Closed jobs taken into one transaction at most; default 200.</summary>
    [Range(1, 1_000)]
    public int EffectBatch { get; set; } = 200;

    /// <summary>Longest time a closed job waits for others to share its transaction; default 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan EffectDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether the fast model is asked where the local classifier is unsure; default true. Without an engine nothing is asked.</summary>
    public bool AskFastModel { get; set; } = true;

    /// <summary>Confidence under which the local classifier counts as unsure, 0 to 1; default 0.5.</summary>
    [Range(0.0, 1.0)]
    public double AskBelow { get; set; } = 0.5;

    /// <summary>How long the fast model is waited for; default 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan AskDeadline { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often is looked for what was left half done: batches to cancel, posts to be made again, batches whose rows stopped coming; default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Impressions that a post needs before it counts as a trial of an experiment with unit "post"; default 100.</summary>
    [Range(1, 1_000_000_000)]
    public long ExperimentPostImpressions { get; set; } = 100;

    /// <summary>How often finished campaigns are looked for whose posts are not compared yet; default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan CompareEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Posts a minute that an estimate reckons with when the engine's own limit is unknown; default 1,000.</summary>
    [Range(1, 10_000_000)]
    public int AssumedPostsPerMinute { get; set; } = 1_000;

    /// <summary>How long a model of what performed is used before it is fitted again; default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ModelAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Trials that every arm of an experiment needs before a winner is named; default 500 (impressions, or posts with unit "post").</summary>
    [Range(1, 1_000_000_000)]
    public long ExperimentMinimum { get; set; } = 500;

    /// <summary>Trials after which a result counts half in the allocation of an experiment; default 100,000.</summary>
    [Range(10, 1_000_000_000)]
    public long ExperimentHalfLife { get; set; } = 100_000;
}
