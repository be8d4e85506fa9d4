using Platform.V1;

namespace Platform.Maya;

/// <summary>Checks profiles before they are kept.</summary>
internal static class ProfileReader
{
    /// <summary>Sliders of a voice.</summary>
    public static readonly IReadOnlyList<string> Tones = ["formal", "playful", "bold", "warm", "technical"];

    /// <summary>Levels at which an audience reads.</summary>
    public static readonly IReadOnlyList<string> Levels = ["simple", "general", "expert"];

    private const int MaxName = 100;
    private const int MaxSubject = 128;
    private const int MaxDescription = 4_000;
    private const int MaxWord = 200;
    private const int MostWords = 500;
    private const int MostExamples = 10;
    private const int MaxExample = 4_000;

    /// <summary>Checks a voice.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static void Check(Voice voice)
    {
        Name(voice.Name);
        Text("description", voice.Description, MaxDescription);
        List("do_words", voice.DoWords, MostWords, MaxWord);
        List("dont_words", voice.DontWords, MostWords, MaxWord);
        List("examples", voice.Examples, MostExamples, MaxExample);
        List("claims_allowed", voice.ClaimsAllowed, MostWords, MaxWord);
        List("claims_banned", voice.ClaimsBanned, MostWords, MaxWord);
        List("competitors", voice.Competitors, MostWords, MaxWord);
        foreach (var (tone, value) in voice.Tones)
        {
            if (!Tones.Contains(tone))
                throw new ArgumentException($"tones holds '{Shown(tone)}'; use {string.Join(", ", Tones)}.");
            if (value is < 0 or > 100)
                throw new ArgumentException($"tones.{tone} is {value}; it must be 0 to 100.");
        }
    }

    /// <summary>Checks an audience.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static void Check(Audience audience)
    {
        Name(audience.Name);
        Text("description", audience.Description, MaxDescription);
        Text("language", audience.Language, MaxName);
        Text("subject_id", audience.SubjectId, MaxSubject);
        List("interests", audience.Interests, MostWords, MaxWord);
        List("dislikes", audience.Dislikes, MostWords, MaxWord);
        if (audience.ReadingLevel.Length > 0 && !Levels.Contains(audience.ReadingLevel))
            throw new ArgumentException($"reading_level is '{Shown(audience.ReadingLevel)}'; use {string.Join(", ", Levels)}.");
    }

    private static void Name(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("name is empty; give the profile a name.");
        Text("name", name, MaxName);
    }

    private static void List(string field, IReadOnlyList<string> values, int most, int limit)
    {
        if (values.Count > most)
            throw new ArgumentException($"{field} has {values.Count} entries; the limit is {most}.");
        foreach (var value in values)
        {
            if (string.IsNullOrWhiteSpace(value))
                throw new ArgumentException($"{field} holds an empty entry.");
            Text(field, value, limit);
        }
    }

    private static void Text(string field, string value, int limit)
    {
        if (value.Length > limit)
            throw new ArgumentException($"{field} has {value.Length:N0} characters; the limit is {limit:N0}.");
        if (value.Contains('\0') || SafeText.FirstLoneSurrogate(value) >= 0)
            throw new ArgumentException($"{field} holds a character that is not valid text.");
    }

    private static string Shown(string value) => value.Length > 40 ? value[..40] : value;
}
