using System.CommandLine;
using Platform.Maya;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content adjust|audio|video</c>: other versions of a text, by rule and without a host.</summary>
internal static class ContentTextCommands
{
    private static readonly Option<string> Platform = new("--platform") { Description = "Platform, such as x or linkedin.", Required = true };
    private static readonly Option<string> Text = new("--text") { Description = "The text; '-' reads standard input.", Required = true };
    private static readonly Option<string> Tone = new("--tone") { Description = "formal, casual or calm.", DefaultValueFactory = static _ => "" };
    private static readonly Option<bool> Shorter = new("--shorter") { Description = "Say the same in fewer words." };
    private static readonly Option<int?> Limit = new("--limit") { Description = "Longest text in the platform's own unit." };
    private static readonly Option<bool> Plain = new("--no-emoji") { Description = "Take out emoji." };

    public static IEnumerable<Command> Create() =>
    [
        CommandRun.Bind(new Command("adjust", "Changes tone and length of a text by rule, and fits it to the platform.") { Platform, Text, Tone, Shorter, Limit, Plain }, AdjustAsync),
        CommandRun.Bind(new Command("audio", "The version of a text that can be spoken, with SSML.") { Text }, AudioAsync),
        CommandRun.Bind(new Command("video", "A video script of a text, with cues.") { Text }, VideoAsync),
    ];

    private static async Task<int> AdjustAsync(CommandRun run, CancellationToken token)
    {
        var text = await ContentCommand.ReadAsync(run.Get(Text)!, token);
        var adjusted = Checked(() => TextAdjuster.Adjust(run.Get(Platform)!, text, new TextAdjustment(run.Get(Tone)!, run.Get(Shorter), run.Get(Limit), run.Get(Plain))));
        if (run.Json)
            CommandRun.Print(new { adjusted.Text, adjusted.Steps, adjusted.Length, adjusted.Problem, adjusted.Ms });
        else
            run.Answer.WriteLine(adjusted.Text);
        if (adjusted.Problem is not null)
            run.Say(adjusted.Problem);
        return adjusted.Problem is null ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> AudioAsync(CommandRun run, CancellationToken token)
    {
        var text = await ContentCommand.ReadAsync(run.Get(Text)!, token);
        var spoken = Checked(() => SpokenVersion.Of(text));
        if (run.Json)
            CommandRun.Print(spoken);
        else
            run.Answer.WriteLine($"{string.Join('\n', spoken.Sentences)}\n({spoken.Seconds} s)");
        return spoken.Sentences.Count > 0 ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> VideoAsync(CommandRun run, CancellationToken token)
    {
        var text = await ContentCommand.ReadAsync(run.Get(Text)!, token);
        var scenes = Checked(() => VideoScript.Of(text));
        if (run.Json)
            CommandRun.Print(new { scenes, seconds = Math.Round(scenes.Sum(s => s.Seconds), 1) });
        else
            foreach (var scene in scenes)
                run.Answer.MarkupLineInterpolated($"{scene.Start,5:F1} s  {scene.Spoken} [grey]{scene.Cue} On screen: {scene.OnScreen}[/]");
        return ExitCodes.Success;
    }

    private static T Checked<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCodes.WrongUsage, e.Message);
        }
    }
}
