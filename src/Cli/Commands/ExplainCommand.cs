using System.CommandLine;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform explain</c>: what an error means and what usually mends it.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Code = new("code") { Description = "The error's id, such as CS0103 or NameError." };

    public static Command Create() =>
        CommandRun.Bind(new Command("explain", "Says what an error means and what usually fixes it. Exit code 1 for a code nobody knows.") { Code }, RunAsync);

    private static Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var code = run.Get(Code)!.Trim();
        var found = ErrorExplanation.Find(code);
        if (run.Json)
            CommandRun.Print(new { code = found?.Code ?? code, known = found is not null, meaning = found?.Meaning ?? "", advice = found?.Advice ?? "", source = found?.Source ?? "none" });
        else if (found is not null)
            run.Answer.WriteLine($"{found.Code}: {found.Meaning}{(found.Advice.Length > 0 ? "\n" + found.Advice : "")}{(found.Source == "compiler" ? "\n(the compiler's own words)" : "")}");
        else
            run.Say($"'{code}' is no error id that is known here; ids look like CS0103, NameError or TypeError.");
        return Task.FromResult(found is null ? ExitCodes.Failed : ExitCodes.Success);
    }
}
