namespace Platform.Simulator.Answers;

/// <summary>Words that instruct or connect and say nothing about a subject.</summary>
internal static class PlainWords
{
    private static readonly HashSet<string> Instructions = new((
        "about above across after again against also answer answers array audience avoid based because been before being below between brand brief "
        + "call campaign caption character characters class code content could create description does draft each emoji emojis english every exactly "
        + "facebook field fields follow following format from function generate give given goal good hashtag hashtags have here implement include "
        + "instagram instructions into json keep keys label labels language length less like limit line link linkedin list make mastodon media message "
        + "method most must name named never number object only other output please platform platforms post posts prompt provide reply request respond "
        + "return rules same sentence should slot social some style such system task tests text than that their them then there these they this those "
        + "tiktok tone tool topic tweet twitter under unit until user using value variant version very want what when where which while will with within "
        + "without word words would write your bluesky threads").Split(' '), StringComparer.OrdinalIgnoreCase);

    public static bool IsInstruction(string word) => Instructions.Contains(word);
}
