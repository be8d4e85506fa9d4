using System.CommandLine;
using Platform.Validation;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform explain</c>: what an error means and what usually mends it.</summary>
internal static class ExplainCommand
{
    private const int MostShown = 20;
    private static readonly Argument<string> Code = new("code") { Description = "The error's id, such as CS0103 or NameError; a file with a compiler's or a dying program's output; or - for standard input." };

    public static Command Create() =>
        CommandRun.Bind(new Command("explain", "Says what an error means and what usually fixes it: one id, or every error in the output of a tool. Exit code 1 when nothing is known.") { Code }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var code = run.Get(Code)!.Trim();
        if (code == "-")
            return Output(run, code, await Console.In.ReadToEndAsync(token));
        if (File.Exists(code))
            return Output(run, code, await InputFile.ReadTextAsync(code, token));
        var found = ErrorExplanation.Find(code);
        if (run.Json)
            CommandRun.Print(new { code = found?.Code ?? code, known = found is not null, meaning = found?.Meaning ?? "", advice = found?.Advice ?? "", source = found?.Source ?? "none", errors = Array.Empty<object>() });
        else if (found is not null)
            run.Answer.WriteLine($"{found.Code}: {found.Meaning}{(found.Advice.Length > 0 ? "\n" + found.Advice : "")}{(found.Source == "compiler" ? "\n(the compiler's own words)" : "")}");
        else
            run.Say($"'{code}' is no error id that is known here; ids look like CS0103, NameError or TypeError.");
        return found is null ? ExitCodes.Failed : ExitCodes.Success;
    }

    // Compiler messages and stack traces of several languages, each with what its id means.
    private static int Output(CommandRun run, string name, string text)
    {
        var errors = ErrorReader.Read(text).Select(error => (Error: error, Known: ErrorExplanation.Find(error.Code))).ToList();
        if (run.Json)
        {
            CommandRun.Print(new
            {
                code = "",
                known = errors.Any(each => each.Known is not null),
                meaning = "",
                advice = "",
                source = "none",
                errors = errors.Select(each => new { each.Error.Language, each.Error.Code, each.Error.Message, each.Error.Path, each.Error.Line, each.Error.Column, trace = each.Error.IsTrace, meaning = each.Known?.Meaning ?? "", advice = each.Known?.Advice ?? "" }),
            });
        }
        else if (errors.Count == 0)
            run.Say($"'{name}' holds no error that can be read: messages of C#, Python, JavaScript, TypeScript, Go, Rust and Java, and their stack traces, can.");
        else
        {
            foreach (var (error, known) in errors.Take(MostShown))
            {
                var place = error.Path.Length == 0 ? "" : $"{error.Path}{(error.Line > 0 ? $":{error.Line}" : "")}: ";
                run.Answer.WriteLine($"{place}{(error.Code.Length > 0 ? error.Code + ": " : "")}{error.Message}");
                if (known is not null)
                    run.Answer.WriteLine($"  {known.Meaning}{(known.Advice.Length > 0 ? " " + known.Advice : "")}");
            }

            if (errors.Count > MostShown)
                run.Say($"{errors.Count - MostShown} more");
        }

        return errors.Count > 0 ? ExitCodes.Success : ExitCodes.Failed;
    }
}
