using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform route</c>: the decision the router would take, with its reasons.</summary>
internal static class RouteCommand
{
    private static readonly Argument<string> Text = new("text") { Description = "The task." };
    private static readonly Option<string> Language = new("--language") { DefaultValueFactory = static _ => "", Description = "Language of the answer." };
    private static readonly Option<int> Lines = new("--lines") { Description = "Lines you expect." };
    private static readonly Option<bool> Complex = new("--complex") { Description = "Mark the task as complex." };

    public static Command Create() =>
        CommandRun.Bind(new Command("route", "Shows how a task would be answered, and why, without running it.") { Text, Language, Lines, Complex }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var request = new GenerateRequest { Task = run.Get(Text), Language = run.Get(Language), ExpectedLines = run.Get(Lines), Complex = run.Get(Complex) };
        var route = await new Generation.GenerationClient(session.Invoker).RouteAsync(request, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { route.Approach, route.Engine, route.Model, fallbacks = route.Fallbacks, reasons = route.Reasons.Select(reason => new { reason.Rule, reason.Text, reason.Decided }) });
        else
            Show(run, route);
        return ExitCodes.Success;
    }

    private static void Show(CommandRun run, RouteDecision route)
    {
        var engine = route.Engine.Length == 0 ? "memory" : $"{route.Engine} ({route.Model})";
        run.Answer.MarkupLineInterpolated($"[bold]{route.Approach}[/] by {engine}");
        foreach (var reason in route.Reasons)
            run.Answer.MarkupLineInterpolated($"  {(reason.Decided ? "->" : "  ")} {reason.Rule}: {reason.Text}");
    }
}
