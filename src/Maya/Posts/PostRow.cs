using System.Globalization;
using System.Text.Json;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Maya;

/// <summary>States of a post.</summary>
internal static class PostStates
{
    public const string Pending = "pending";
    public const string Ready = "ready";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Invalid = "invalid";
    public const string Blocked = "blocked";
    public const string Failed = "failed";
    public const string Cancelled = "cancelled";

    public static readonly IReadOnlyList<string> All = [Pending, Ready, Approved, Rejected, Invalid, Blocked, Failed, Cancelled];
}

/// <summary>A row of the posts table.</summary>
internal sealed class PostRow
{
    public string Tenant { get; set; } = "";

    public string Id { get; set; } = "";

    public string CampaignId { get; set; } = "";

    public long Ordinal { get; set; }

    public string Platform { get; set; } = "";

    public string Slot { get; set; } = "";

    public long SlotMs { get; set; }

    public string Variant { get; set; } = "";

    public string Theme { get; set; } = "";

    public string Intent { get; set; } = "";

    /// <summary>Pseudonym of the person it is about; empty when it is about nobody.</summary>
    public string SubjectId { get; set; } = "";

    public byte[] Request { get; set; } = [];

    public string State { get; set; } = PostStates.Pending;

    public string Text { get; set; } = "";

    public string Parts { get; set; } = "";

    public double Score { get; set; }

    public string Reasons { get; set; } = "";

    public long Length { get; set; }

    public string JobId { get; set; } = "";

    public string Engine { get; set; } = "";

    public string Model { get; set; } = "";

    public string PromptVersion { get; set; } = "";

    public long Simulated { get; set; }

    public double CostUsd { get; set; }

    public double MarkersBefore { get; set; }

    public double MarkersAfter { get; set; }

    public string Note { get; set; } = "";

    public double ScoreLow { get; set; }

    public double ScoreHigh { get; set; }

    public string ScoreBasis { get; set; } = "";

    public string ExperimentId { get; set; } = "";

    public string Arm { get; set; } = "";

    public string Voice { get; set; } = "";

    public string CustomId { get; set; } = "";

    public string DuplicateOf { get; set; } = "";

    public long Version { get; set; } = 1;

    public long CreatedMs { get; set; }

    public long ClosedMs { get; set; }

    /// <summary>Version under which the router is still to be handed the post to make it again; 0 when it has it.</summary>
    public long AgainVersion { get; set; }

    /// <summary>Before this time nobody but the caller who asked hands it over.</summary>
    public long AgainAfterMs { get; set; }

    /// <summary>Key of the batch that it is handed over with; empty while it waits for one.</summary>
    public string AgainBatch { get; set; } = "";

    /// <summary>What the reviewer wants changed when it is made again.</summary>
    public string Instruction { get; set; } = "";

    /// <summary>Whether a model wrote it.</summary>
    public long AiGenerated { get; set; }

    /// <summary>Most parts as a thread; 0 when it is to be one text.</summary>
    public long ThreadParts { get; set; }

    /// <summary>Thought that it opens from, by the campaign's strategy.</summary>
    public string Hook { get; set; } = "";

    /// <summary>What the reader is asked to do, by the campaign's strategy.</summary>
    public string CallToAction { get; set; } = "";

    /// <summary>Parts of a thread; empty when the text is one part.</summary>
    public string[] AllParts => Unpack(Parts);

    /// <summary>Reasons behind state and score.</summary>
    public string[] AllReasons => Unpack(Reasons);

    /// <summary>A row of its own with the same values.</summary>
    public PostRow Copy() => (PostRow)MemberwiseClone();

    /// <summary>The post as callers see it.</summary>
    public Post ToPost()
    {
        var post = new Post
        {
            Id = Id,
            CampaignId = CampaignId,
            Platform = Platform,
            Slot = Slot,
            Variant = Variant,
            Text = Text,
            State = State,
            Score = Score,
            Length = (int)Length,
            JobId = JobId,
            Simulated = Simulated != 0,
            Model = Model,
            Intent = Intent,
            ScoreLow = ScoreLow,
            ScoreHigh = ScoreHigh,
            ScoreBasis = ScoreBasis,
            Theme = Theme,
            ExperimentId = ExperimentId,
            Arm = Arm,
            Voice = Voice,
            CustomId = CustomId,
            DuplicateOf = DuplicateOf,
            Version = Version,
            Note = Note,
            AiGenerated = AiGenerated != 0,
            PromptVersion = PromptVersion,
            MarkersBefore = MarkersBefore,
            MarkersAfter = MarkersAfter,
            Hook = Hook,
            CallToAction = CallToAction,
            ThreadParts = (int)ThreadParts,
        };
        post.Reasons.AddRange(Unpack(Reasons));
        post.Parts.AddRange(AllParts);
        post.Publish.AddRange(ToPublish());
        return post;
    }

    /// <summary>What others are told of it: how it stands with a version, and what it cost so far.</summary>
    public PostFigures ToFigures(long version, double costUsd, long nowMs) => new()
    {
        Tenant = Tenant,
        PostId = Id,
        Version = version,
        SubjectId = SubjectId,
        Platform = Platform,
        State = State,
        Simulated = Simulated != 0,
        AiGenerated = AiGenerated != 0,
        Score = Score,
        MarkersBefore = MarkersBefore,
        MarkersAfter = MarkersAfter,
        CostUsd = costUsd,
        CreatedMs = CreatedMs,
        AtMs = nowMs,
    };

    /// <summary>What a publisher sends, one a part; nothing where the platform takes the text as it stands.</summary>
    private IEnumerable<PublishPart> ToPublish()
    {
        if (Text.Length == 0 || State is not (PostStates.Ready or PostStates.Approved) || ContentRules.Find(Platform) is not { } rules || PublishText.IsPlain(rules))
            yield break;
        foreach (var text in AllParts.DefaultIfEmpty(Text))
        {
            var sent = PublishText.Of(rules, text);
            var part = new PublishPart { Text = sent.Text };
            part.Entities.AddRange(sent.Entities.Select(e => new TextEntity { Type = e.Type, Offset = e.Offset, Length = e.Length }));
            yield return part;
        }
    }

    /// <summary>What is known of the post before its text is there.</summary>
    public PostPlan ToPlan(OutcomeModel? history, Voice? voice) => new()
    {
        Platform = Platform,
        Intent = Intent,
        // What is about a person is not learned from.
        Theme = SubjectId.Length > 0 ? "" : Theme,
        Slot = DateTimeOffset.TryParse(Slot, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null,
        ThreadParts = (int)ThreadParts,
        Format = Parts.Length > 0 ? PostFeatures.Thread : "",
        History = history,
        Voice = voice,
    };

    /// <summary>Takes over a score with its interval.</summary>
    public void SetScore(ScoredText score) => (Score, ScoreLow, ScoreHigh, ScoreBasis) = (score.Value, score.Low, score.High, score.Basis);

    /// <summary>Packs a list for a text column.</summary>
    public static string Pack(IReadOnlyCollection<string> values) => values.Count == 0 ? "" : JsonSerializer.Serialize(values);

    private static string[] Unpack(string json) => json.Length == 0 ? [] : JsonSerializer.Deserialize<string[]>(json) ?? [];
}
