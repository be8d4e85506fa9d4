namespace Platform.Simulator.Answers;

/// <summary>The sentences that made-up posts are drawn from. <c>{a}</c> and <c>{b}</c> take words of the brief.</summary>
internal static class PostPhrases
{
    public static IReadOnlyList<string> Openers { get; } =
    [
        "Good news for everyone who cares about {a}.",
        "What if {a} took half the time?",
        "{a} and {b}, finally in one place.",
        "Three things we learned about {a} this week.",
        "Ask anyone about {b}: it starts with {a}.",
        "We took a second look at {a}.",
        "Small change, big difference: {a}.",
        "Behind the scenes of {a}.",
        "Mondays are easier with {a}.",
        "You asked about {a}, here is the short version.",
        "Less noise, more {a}.",
        "There is a quiet way to better {a}.",
        "Meet the people behind {a}.",
        "A first look at {b} with {a}.",
        "Your next idea may begin with {a}.",
        "Why does {a} matter now?",
        "Before you plan for {b}, read this.",
        "One minute on {a}.",
        "The best part of {a}? It just works.",
        "From {a} to {b} in a single step.",
        "Still unsure about {a}?",
        "Here is how we think about {b}.",
        "Make room for {a}.",
        "Not another promise: real {a}.",
    ];

    public static IReadOnlyList<string> Details { get; } =
    [
        "It brings {a} and {b} together without extra work.",
        "Start small, keep what helps, and let {b} follow.",
        "We built it around {a}, and it shows.",
        "The details matter most when {a} meets {b}.",
        "No long setup, just {a} where you need it.",
        "Teams tell us that {b} is what they notice first.",
        "Every step is simple, and {a} stays in view.",
        "It is made for busy days and for {b}.",
        "Think of it as {a} with a plan.",
        "You keep control of {b} from the start.",
        "The result is calmer work and clearer {a}.",
        "It fits the way you already handle {b}.",
        "Nothing to install, nothing to unlearn, only {a}.",
        "One place, one rhythm, one answer for {b}.",
        "It turns {a} into something you can count on.",
        "We kept the good parts of {b} and dropped the rest.",
        "Simple enough for today, strong enough for {a} tomorrow.",
        "With {a} in hand, {b} gets easier.",
        "Take it at your own pace and see {b} improve.",
        "The idea is plain: protect {a}, grow {b}.",
    ];

    public static IReadOnlyList<string> Proofs { get; } =
    [
        "Early users call it refreshing.",
        "Our own team relies on it daily.",
        "Most people see the point within minutes.",
        "We measured, compared and kept improving.",
        "It took a year of listening to get here.",
        "Nobody wanted to go back afterwards.",
        "The feedback on {a} has been warm.",
        "We test it the way you would use it.",
        "It holds up when things get busy.",
        "Honest numbers, no small print.",
        "The first week tells you everything.",
        "Small teams and large ones agree on {b}.",
    ];

    public static IReadOnlyList<string> Closers { get; } =
    [
        "See what changes for you.",
        "Tell us what you think.",
        "Which part would you try first?",
        "Save this for later.",
        "Share it with someone who needs {a}.",
        "Have a look today.",
        "Questions? We are listening.",
        "Take five minutes and find out.",
        "Join us.",
        "More to come soon.",
        "What would you add?",
        "Give {b} a fresh start.",
        "Curious? Come and see.",
        "Let us know how it goes.",
        "Your turn.",
        "Start this week.",
    ];

    public static IReadOnlyList<string> Fillers { get; } = ["clarity", "momentum", "everyday work", "fresh ideas", "focus", "progress"];
}
