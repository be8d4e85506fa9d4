using Google.Protobuf;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Turns rows of a batch into posts of one campaign.</summary>
internal sealed class PostInputReader(CampaignRow campaign, PostInput first, PostBackground background, Func<string, Task<Voice?>> voices)
{
    private const int MaxId = 128;
    private const int MaxTheme = 200;
    private const int MostVoices = 100;
    private readonly SeenIds _seen = new();
    private readonly Dictionary<string, Voice?> _voices = new(StringComparer.Ordinal) { [first.VoiceName] = background.Voice };

    /// <summary>Longest brief or text of a row, in characters.</summary>
    public const int MaxBrief = 65_536;

    /// <summary>The post of a row, or null with the reason.</summary>
    public async Task<(PostRow? Post, string Problem)> ReadAsync(PostInput row, long ordinal)
    {
        try
        {
            await FindVoiceAsync(VoiceOf(row));
            return (Read(row, ordinal), "");
        }
        catch (ArgumentException e)
        {
            return (null, e.Message);
        }
    }

    private string VoiceOf(PostInput row) => row.Voice.Length > 0 ? row.Voice : first.VoiceName;

    private async Task FindVoiceAsync(string name)
    {
        Text("voice", name, 0, MaxId);
        if (_voices.ContainsKey(name))
            return;
        if (_voices.Count >= MostVoices)
            throw new ArgumentException($"The batch names more than {MostVoices} voices.");
        _voices[name] = await voices(name);
    }

    private PostRow Read(PostInput row, long ordinal)
    {
        Text("custom_id", row.CustomId, 1, MaxId);
        Text("theme", row.Theme, 0, MaxTheme);
        FinishedText.CheckParts(row.ThreadParts);
        foreach (var part in row.Parts)
            Text("parts", part, 1, MaxBrief);
        Text("hook", row.Hook, 0, StrategyAnswer.MaxHook);
        Text("call_to_action", row.CallToAction, 0, StrategyAnswer.MaxCall);
        Text("brief", row.Brief, row.Text.Length > 0 ? 0 : 1, MaxBrief);
        Text("text", row.Text, 0, MaxBrief);
        var rules = ContentRules.Of(row.Platform);
        var variant = row.Variant.Length == 0 ? "a" : row.Variant;
        if (variant.Length != 1 || variant[0] is < 'a' or > 'z')
            throw new ArgumentException($"variant is '{SafeText.Cut(variant, 20)}'; use one letter from a to z.");
        if (row.Intent.Length > 0 && !ContentClassifier.Intents.Contains(row.Intent))
            throw new ArgumentException($"intent is '{SafeText.Cut(row.Intent, 40)}'; use one of {string.Join(", ", ContentClassifier.Intents)}.");
        if (row.State is not ("" or PostStates.Ready or PostStates.Approved or PostStates.Rejected))
            throw new ArgumentException($"state is '{SafeText.Cut(row.State, 40)}'; a finished text is ready, approved or rejected.");
        Text("experiment_id", row.ExperimentId, 0, MaxId);
        Text("arm", row.Arm, 0, MaxId);
        Text("model", row.Model, 0, MaxTheme);
        Text("prompt_version", row.PromptVersion, 0, MaxId);
        if (_voices[VoiceOf(row)] is null && VoiceOf(row).Length > 0)
            throw new ArgumentException($"voice '{VoiceOf(row)}' is not known; store it first, or leave it out.");
        var slot = EngagementReader.Slot("slot", row.Slot);
        if (!_seen.Add(row.CustomId))
            throw new ArgumentException($"custom_id '{row.CustomId}' stands in the batch twice.");
        var post = new PostRow
        {
            Tenant = campaign.Tenant,
            Id = $"{campaign.Id}-{ordinal:D6}",
            CampaignId = campaign.Id,
            Ordinal = ordinal,
            Platform = rules.Name,
            Slot = slot is { } at ? new Slot(at).Text : "",
            SlotMs = slot?.ToUnixTimeMilliseconds() ?? 0,
            Variant = variant,
            ThreadParts = row.ThreadParts,
            Theme = row.Theme,
            Hook = row.Hook,
            CallToAction = row.CallToAction,
            Intent = row.Intent,
            Voice = VoiceOf(row),
            CustomId = row.CustomId,
            PromptVersion = PostPrompt.Version,
            CreatedMs = campaign.CreatedMs,
        };
        if (row.Text.Length > 0)
            Finish(post, row, rules);
        else
            post.Request = PostPrompt.Write(new PostWish
            {
                Platform = rules.Name,
                Brief = row.Brief,
                ThreadParts = row.ThreadParts,
                Theme = row.Theme,
                Hook = row.Hook,
                CallToAction = row.CallToAction,
                Intent = row.Intent,
                Tier = first.Tier,
                Slot = post.Slot,
                Variant = variant,
                Background = background with { Voice = _voices[post.Voice] },
            }, Lanes.Batch, post.Id, campaign.Id, campaign.BudgetUsd).ToByteArray();
        return post;
    }

    private void Finish(PostRow post, PostInput row, PlatformRules rules)
    {
        var parts = FinishedText.Check(rules, row.Text, row.Parts, row.ThreadParts);
        post.Parts = PostRow.Pack(parts);
        string[] blocking = [.. parts.Prepend(row.Text).SelectMany(text => SafetyFilter.Find(text).Select(f => $"the safety filter found {f.Label.Replace('_', ' ')}").Concat(VoiceCheck.Find(_voices[post.Voice], text).Blocking))];
        if (blocking.Length > 0)
            throw new ArgumentException($"text is blocked: {blocking[0]}");
        var score = PostScore.Of(rules, row.Text, post.ToPlan(background.Learned.GetValueOrDefault(rules.Name)?.Model, _voices[post.Voice]));
        (post.State, post.Text, post.Length, post.ClosedMs) = (row.State.Length > 0 ? row.State : PostStates.Ready, row.Text, rules.Count(row.Text), campaign.CreatedMs);
        (post.ExperimentId, post.Arm, post.Simulated) = (row.ExperimentId, row.Arm, row.Simulated ? 1 : 0);
        (post.AiGenerated, post.Model, post.PromptVersion) = (row.AiGenerated || row.Simulated || row.Model.Length > 0 ? 1 : 0, row.Model, row.PromptVersion);
        post.SetScore(score);
        post.Reasons = PostRow.Pack(score.Reasons);
    }

    private static void Text(string field, string value, int least, int limit)
    {
        if (value.Length < least || value.Length > limit)
            throw new ArgumentException($"{field} has {value.Length:N0} characters; it must have {least} to {limit:N0}.");
        if (value.Contains('\0') || SafeText.FirstLoneSurrogate(value) >= 0)
            throw new ArgumentException($"{field} holds a character that is not valid text (NUL or half of a surrogate pair).");
    }
}
