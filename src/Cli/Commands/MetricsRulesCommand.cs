using System.CommandLine;
using System.Globalization;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform metrics rules|acknowledge</c>: thresholds of alerts, and what they would have done.</summary>
internal static class MetricsRulesCommand
{
    private static readonly Argument<string[]> Own = new("thresholds") { Description = "NAME=VALUE of the tenant's own thresholds; all others follow the configuration again. Without any, the rules are shown.", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<bool> Try = new("--try") { Description = "Say which alerts these thresholds would have opened on past data; nothing is stored." };
    private static readonly Option<bool> Reset = new("--reset") { Description = "Drop the tenant's own thresholds." };
    private static readonly Argument<string> Id = new("id") { Description = "Id of the alert." };

    public static Command Rules() => CommandRun.Bind(new Command("rules", "Thresholds of alerts: show, set, or try on past data.") { Own, Try, Reset }, RulesAsync);

    public static Command Acknowledge() => CommandRun.Bind(new Command("acknowledge", "Acknowledge an alert.") { Id }, AcknowledgeAsync);

    /// <summary>The thresholds as documents carry them.</summary>
    public static object Of(AlertThreshold threshold) => new { threshold.Name, threshold.Label, threshold.Value, threshold.Configured, threshold.Own };

    /// <summary>An alert as documents carry it.</summary>
    public static object Of(Alert alert) => new { alert.Id, alert.Rule, alert.Severity, alert.Message, alert.OpenedMs, alert.ClosedMs, alert.AcknowledgedMs, alert.Value, alert.Threshold, alert.JobId };

    /// <summary>The thresholds as people read them.</summary>
    public static Table TableOf(AlertRules rules)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("threshold", "value", "", "what it is");
        foreach (var threshold in rules.Thresholds)
            table.AddRow(new[] { threshold.Name, threshold.Value == 0 ? "off" : Number(threshold.Value), threshold.Own ? $"own; configured {Number(threshold.Configured)}" : "", threshold.Label }.Select(Markup.Escape).ToArray());
        return table;
    }

    private static async Task<int> RulesAsync(CommandRun run, CancellationToken token)
    {
        var request = new SetAlertRulesRequest();
        foreach (var word in run.Get(Own) ?? [])
            request.Own[Split(word).Name] = Split(word).Value;
        if (request.Own.Count > 0 && run.Get(Reset))
            throw new CommandException(ExitCodes.WrongUsage, "--reset takes no thresholds.");
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var metrics = new V1.Metrics.MetricsClient(session.Invoker);
        if (run.Get(Try))
            return Show(run, await metrics.TryAlertRulesAsync(request, cancellationToken: token));
        var rules = request.Own.Count > 0 || run.Get(Reset)
            ? await metrics.SetAlertRulesAsync(request, cancellationToken: token)
            : await metrics.GetAlertRulesAsync(new GetAlertRulesRequest(), cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { rules = rules.Thresholds.Select(Of), tried = Array.Empty<object>() });
        else
            run.Answer.Write(TableOf(rules));
        return ExitCodes.Success;
    }

    private static int Show(CommandRun run, TryAlertRulesReply tried)
    {
        if (run.Json)
            CommandRun.Print(new { rules = Array.Empty<object>(), tried = tried.Alerts.Select(a => new { a.Rule, a.OpenedMs, a.ClosedMs, a.Message, a.Value, a.Threshold }) });
        else
            foreach (var alert in tried.Alerts)
                run.Answer.MarkupLineInterpolated($"{DateTimeOffset.FromUnixTimeMilliseconds(alert.OpenedMs):yyyy-MM-dd HH:mm} UTC [bold]{alert.Rule}[/]: {alert.Message}");
        if (tried.Alerts.Count == 0)
            run.Say("No alert would have opened.");
        return ExitCodes.Success;
    }

    private static async Task<int> AcknowledgeAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var alert = await new V1.Metrics.MetricsClient(session.Invoker).AcknowledgeAlertAsync(new AcknowledgeAlertRequest { Id = run.Get(Id) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { alerts = new[] { Of(alert) }, rules = Array.Empty<object>() });
        else
            run.Answer.MarkupLineInterpolated($"acknowledged: [bold]{alert.Severity}[/] {alert.Rule}: {alert.Message}");
        return ExitCodes.Success;
    }

    private static (string Name, double Value) Split(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && double.TryParse(word.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? (word[..at], value)
            : throw new CommandException(ExitCodes.WrongUsage, $"'{word}' is no threshold; write NAME=VALUE such as ErrorRate=0.05.");
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
