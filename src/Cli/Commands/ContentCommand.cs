using System.CommandLine;
using Platform.Maya;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform content check|classify|fit</c>: a text by a platform's own rules, without a host.</summary>
internal static class ContentCommand
{
    private static readonly Option<string> Platform = new("--platform") { Description = "Platform, such as x or linkedin." };
    private static readonly Option<string> Kind = new("--kind") { Description = "intent, sentiment, emotion or safety." };
    private static readonly Option<string?> Text = new("--text") { Description = "The text; '-' reads standard input." };
    private static readonly Option<FileInfo?> Batch = new("--batch") { Description = "JSON lines {id,platform,text}; one answer a line." };
    private static readonly Option<int> Limit = new("--limit") { Description = "Longest text of this account or server when it differs from the usual, such as a Mastodon server's." };
    private static readonly Option<int> UrlLength = new("--url-length") { Description = "What a link counts for on this Mastodon server. Default: 23." };
    private static readonly Option<bool> Thread = new("--thread") { Description = "Split into a thread instead of shortening." };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong([.. ContentClassifier.Kinds]);
        var content = new Command("content", "Counts, checks, classifies and fits texts by each platform's own rules, and learns from their results.")
        {
            CommandRun.Bind(new Command("check", "Counts and checks a text. Exit code 1 when it cannot be posted.") { Platform, Text, Batch, Limit, UrlLength }, CheckAsync),
            CommandRun.Bind(new Command("classify", "Intent, sentiment, emotion or safety of a text.") { Kind, Text, Batch }, ClassifyAsync),
            CommandRun.Bind(new Command("fit", "Shortens a text or splits it into a thread so that every part can be posted. --platform x,linkedin adapts it to each.") { Platform, Text, Thread, Limit, UrlLength }, FitAsync),
            ContentCreateCommand.Create(),
            ContentExperimentCommand.Create(),
            ContentBatchCommand.Create(),
        };
        foreach (var command in ContentTextCommands.Create().Concat(ContentProfileCommands.Create()).Concat(ContentLearningCommands.Create()))
            content.Subcommands.Add(command);
        return content;
    }

    private static async Task<int> CheckAsync(CommandRun run, CancellationToken token)
    {
        if (run.Get(Batch) is { } file)
        {
            var valid = true;
            await foreach (var (id, line) in JsonLines.ReadAsync(file.FullName, token))
            {
                var each = ContentRules.Check(Rules(run, Named(line.Text("platform"), run.Get(Platform))), line.Text("text"));
                valid &= each.IsValid;
                CommandRun.Print(new { id, each.Platform, valid = each.IsValid, each.Length, each.Limit, each.Unit, each.Problems });
            }

            return valid ? ExitCodes.Success : ExitCodes.Failed;
        }

        var verdict = ContentRules.Check(Rules(run, Named("", run.Get(Platform))), await TextAsync(run, token));
        if (run.Json)
            CommandRun.Print(new { verdict.Platform, valid = verdict.IsValid, verdict.Length, verdict.Limit, verdict.Unit, verdict.Problems });
        else
            run.Answer.MarkupLineInterpolated($"{(verdict.IsValid ? "valid" : "invalid")} for {verdict.Platform}: {verdict.Length} of {verdict.Limit} {verdict.Unit} {string.Join("; ", verdict.Problems)}");
        return verdict.IsValid ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static async Task<int> ClassifyAsync(CommandRun run, CancellationToken token)
    {
        var kind = run.Get(Kind) ?? throw new CommandException(ExitCodes.WrongUsage, "--kind is missing; give intent, sentiment, emotion or safety.");
        if (run.Get(Batch) is { } file)
        {
            await foreach (var (id, line) in JsonLines.ReadAsync(file.FullName, token))
            {
                var each = ContentClassifier.Classify(kind, line.Text("text"));
                CommandRun.Print(new { id, each.Label, each.Confidence, each.Scores, each.Ms });
            }

            return ExitCodes.Success;
        }

        var answer = ContentClassifier.Classify(kind, await TextAsync(run, token));
        if (run.Json)
            CommandRun.Print(new { answer.Label, answer.Confidence, answer.Scores, answer.Ms });
        else
            run.Answer.MarkupLineInterpolated($"{answer.Label} ({answer.Confidence:P0}, {answer.Ms:F2} ms)");
        return ExitCodes.Success;
    }

    private static async Task<int> FitAsync(CommandRun run, CancellationToken token)
    {
        var platform = Named("", run.Get(Platform));
        if (platform.Contains(','))
            return await AdaptAsync(run, platform, token);
        var fit = TextFit.Fit(Rules(run, platform), await TextAsync(run, token), run.Get(Thread));
        if (run.Json)
            CommandRun.Print(new { platform, fit.Parts, fit.Steps, fit.Problem });
        else
            foreach (var part in fit.Parts)
                run.Answer.WriteLine(part);
        if (fit.Problem is not null)
            run.Say(fit.Problem);
        return fit.Problem is null ? ExitCodes.Success : ExitCodes.Failed;
    }

    /// <summary>One text for several platforms: each in its own tone and with its usual number of hashtags.</summary>
    private static async Task<int> AdaptAsync(CommandRun run, string given, CancellationToken token)
    {
        if (run.Get(Limit) != 0 || run.Get(UrlLength) != 0)
            throw new CommandException(ExitCodes.WrongUsage, "--limit and --url-length are for one platform.");
        var platforms = given.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => Rules(run, name).Name).Distinct().ToList();
        var fits = TextFit.Adapt(await TextAsync(run, token), platforms, run.Get(Thread));
        var problem = fits.Where(fit => !fit.Value.IsFitted).Select(fit => $"{fit.Key}: {fit.Value.Problem}").FirstOrDefault();
        if (run.Json)
            CommandRun.Print(new { platform = string.Join(',', platforms), Parts = Array.Empty<string>(), Steps = Array.Empty<string>(), problem, fits = fits.Select(fit => new { platform = fit.Key, fit.Value.Parts, fit.Value.Steps, fit.Value.Problem }) });
        else
            foreach (var (platform, fit) in fits)
                run.Answer.WriteLine($"{platform}:\n{string.Join('\n', fit.Parts)}\n");
        if (problem is not null)
            run.Say(problem);
        return problem is null ? ExitCodes.Success : ExitCodes.Failed;
    }

    private static string Named(string own, string? given) => own.Length > 0 ? own
        : given ?? throw new CommandException(ExitCodes.WrongUsage, $"--platform is missing; give one of: {Platforms()}.");

    private static PlatformRules Rules(CommandRun run, string platform)
    {
        var rules = ContentRules.Find(platform) ?? throw new CommandException(ExitCodes.WrongUsage, $"--platform '{platform}' is unknown; give one of: {Platforms()}.");
        try
        {
            return rules.ForAccount(run.Get(Limit), run.Get(UrlLength));
        }
        catch (ArgumentException wrong)
        {
            throw new CommandException(ExitCodes.WrongUsage, wrong.Message);
        }
    }

    private static Task<string> TextAsync(CommandRun run, CancellationToken token) => run.Get(Text) is { } text
        ? ReadAsync(text, token)
        : throw new CommandException(ExitCodes.WrongUsage, "Give --text, or --batch FILE.jsonl where the command takes one.");

    /// <summary>A text that was given, or standard input for '-'.</summary>
    internal static async Task<string> ReadAsync(string given, CancellationToken token) => given == "-" ? await Console.In.ReadToEndAsync(token) : given;

    private static string Platforms() => string.Join(", ", ContentRules.All.Select(rules => rules.Name));
}
