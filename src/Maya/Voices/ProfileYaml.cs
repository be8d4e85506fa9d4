using Platform.V1;
using YamlDotNet.RepresentationModel;

namespace Platform.Maya;

/// <summary>Reads a brand voice or an audience profile from YAML, as strictly as a campaign brief.</summary>
public static class ProfileYaml
{
    private const int MaxBytes = 262_144;
    private const int MaxText = 4_000;
    private const int MostEntries = 500;

    private static readonly string[] VoiceFields = ["name", "description", "do_words", "dont_words", "tones", "examples", "claims_allowed", "claims_banned", "competitors"];
    private static readonly string[] AudienceFields = ["name", "description", "interests", "dislikes", "reading_level", "language", "subject_id"];

    /// <summary>The voice of a document.</summary>
    /// <exception cref="BriefException">The document is no voice; the message names field, value and limit.</exception>
    public static Voice Voice(string yaml)
    {
        var fields = Fields(yaml, VoiceFields);
        var voice = new Voice { Name = fields.Text("name", MaxText, required: true), Description = fields.Text("description", MaxText) };
        voice.DoWords.AddRange(fields.List("do_words", MostEntries, MaxText));
        voice.DontWords.AddRange(fields.List("dont_words", MostEntries, MaxText));
        voice.Examples.AddRange(fields.List("examples", MostEntries, MaxText));
        voice.ClaimsAllowed.AddRange(fields.List("claims_allowed", MostEntries, MaxText));
        voice.ClaimsBanned.AddRange(fields.List("claims_banned", MostEntries, MaxText));
        voice.Competitors.AddRange(fields.List("competitors", MostEntries, MaxText));
        if (fields.Find("tones") is YamlMappingNode tones)
        {
            var sliders = new BriefFields(tones);
            sliders.AllowOnly(ProfileReader.Tones);
            foreach (var tone in ProfileReader.Tones.Where(t => sliders.Find(t) is not null))
                voice.Tones[tone] = (int)sliders.Number(tone, 50, 0, 100);
        }
        else if (fields.Find("tones") is { } other)
        {
            throw new BriefException($"tones (line {other.Start.Line}) must be a group of sliders such as 'formal: 20'.");
        }

        ProfileReader.Check(voice);
        return voice;
    }

    /// <summary>The audience of a document.</summary>
    /// <exception cref="BriefException">The document is no audience; the message names field, value and limit.</exception>
    public static Audience Audience(string yaml)
    {
        var fields = Fields(yaml, AudienceFields);
        var audience = new Audience
        {
            Name = fields.Text("name", MaxText, required: true),
            Description = fields.Text("description", MaxText),
            ReadingLevel = fields.OneOf("reading_level", ProfileReader.Levels, ""),
            Language = fields.Text("language", MaxText),
            SubjectId = fields.Text("subject_id", MaxText),
        };
        audience.Interests.AddRange(fields.List("interests", MostEntries, MaxText));
        audience.Dislikes.AddRange(fields.List("dislikes", MostEntries, MaxText));
        ProfileReader.Check(audience);
        return audience;
    }

    private static BriefFields Fields(string yaml, IReadOnlyList<string> names)
    {
        var fields = new BriefFields(BriefReader.Root(yaml, MaxBytes));
        fields.AllowOnly(names);
        return fields;
    }
}
