using Google.Protobuf;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Turns rows of a batch into posts of one campaign.</summary>
internal sealed class PostInputReader(CampaignRow campaign, PostInput first, PostBackground background)
{
    private const int MaxId = 128;
    private const int MaxTheme = 200;
    private const int MaxBrief = 65_536;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The post of a row, or null with the reason.</summary>
    public PostRow? Read(PostInput row, long ordinal, out string problem)
    {
        try
        {
            problem = "";
            return Read(row, ordinal);
        }
        catch (ArgumentException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private PostRow Read(PostInput row, long ordinal)
    {
        Text("custom_id", row.CustomId, 1, MaxId);
        Text("theme", row.Theme, 0, MaxTheme);
        Text("brief", row.Brief, row.Text.Length > 0 ? 0 : 1, MaxBrief);
        Text("text", row.Text, 0, MaxBrief);
        var rules = ContentRules.Of(row.Platform);
        var variant = row.Variant.Length == 0 ? "a" : row.Variant;
        if (variant.Length != 1 || variant[0] is < 'a' or > 'z')
            throw new ArgumentException($"variant is '{variant[..Math.Min(20, variant.Length)]}'; use one letter from a to z.");
        if (row.Intent.Length > 0 && !ContentClassifier.Intents.Contains(row.Intent))
            throw new ArgumentException($"intent is '{row.Intent[..Math.Min(40, row.Intent.Length)]}'; use one of {string.Join(", ", ContentClassifier.Intents)}.");
        if (row.State is not ("" or PostStates.Ready or PostStates.Approved))
            throw new ArgumentException($"state is '{row.State[..Math.Min(40, row.State.Length)]}'; a finished text is ready or approved.");
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
            Theme = row.Theme,
            Intent = row.Intent,
            Voice = first.VoiceName,
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
                Theme = row.Theme,
                Intent = row.Intent,
                Tier = first.Tier,
                Slot = post.Slot,
                Variant = variant,
                Background = background,
            }, Lanes.Batch, post.Id, campaign.Id).ToByteArray();
        return post;
    }

    private void Finish(PostRow post, PostInput row, PlatformRules rules)
    {
        var verdict = ContentRules.Check(rules, row.Text);
        if (!verdict.IsValid)
            throw new ArgumentException($"text does not fit {rules.Title}: {verdict.Problems[0]}");
        string[] blocking = [.. SafetyFilter.Find(row.Text).Select(f => $"the safety filter found {f.Label.Replace('_', ' ')}"), .. VoiceCheck.Find(background.Voice, row.Text).Blocking];
        if (blocking.Length > 0)
            throw new ArgumentException($"text is blocked: {blocking[0]}");
        var score = PostScore.Of(rules, row.Text, post.ToPlan(background.Learned.GetValueOrDefault(rules.Name)?.Model, background.Voice));
        (post.State, post.Text, post.Length, post.ClosedMs) = (row.State == PostStates.Approved ? PostStates.Approved : PostStates.Ready, row.Text, verdict.Length, campaign.CreatedMs);
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
