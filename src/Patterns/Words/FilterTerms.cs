namespace Platform.Patterns;

/// <summary>Terms that stand for what a search can be narrowed to. They begin with a control character, so no text ever contains one.</summary>
internal static class FilterTerms
{
    private const char Mark = '\u0001';

    /// <summary>Stands for every pattern of a segment.</summary>
    public static readonly string All = $"{Mark}all";

    public static string Language(string language) => $"{Mark}language:{language}";

    public static string Kind(string kind) => $"{Mark}kind:{kind}";

    public static string Tag(string tag) => $"{Mark}tag:{tag}";

    public static bool IsFilter(string term) => term[0] == Mark;
}
