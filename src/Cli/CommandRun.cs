using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Cli.Servers;
using Platform.Host;
using Platform.Patterns;
using Platform.Storage;
using Spectre.Console;

namespace Platform.Cli;

/// <summary>One run of a command: where its words go, and how its errors become exit codes.</summary>
internal sealed class CommandRun
{
    private static readonly JsonSerializerOptions Shape = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private CommandRun(ParseResult words)
    {
        Words = words;
        Json = words.GetValue(GlobalOptions.Json);
        Messages = Open(Console.Error, Console.IsErrorRedirected);
        Answer = Open(Console.Out, Console.IsOutputRedirected);
    }

    /// <summary>The parsed words.</summary>
    public ParseResult Words { get; }

    /// <summary>Whether standard output carries JSON only.</summary>
    public bool Json { get; }

    /// <summary>Messages and progress bars, on standard error.</summary>
    public IAnsiConsole Messages { get; }

    /// <summary>The answer for people, on standard output; not used with <c>--json</c>.</summary>
    public IAnsiConsole Answer { get; }

    /// <summary>Gives a command its action; what it throws becomes a message and an exit code.</summary>
    public static Command Bind(Command command, Func<CommandRun, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (words, token) =>
        {
            var run = new CommandRun(words);
            try
            {
                return await action(run, token);
            }
            catch (Exception e) when (Explain(e, token) is { } explained)
            {
                run.Say(explained.Message);
                return explained.ExitCode;
            }
        });
        return command;
    }

    /// <summary>Value of an option or argument.</summary>
    public T? Get<T>(Option<T> option) => Words.GetValue(option);

    /// <summary>Value of an argument.</summary>
    public T? Get<T>(Argument<T> argument) => Words.GetValue(argument);

    /// <summary>Says something on standard error.</summary>
    public void Say(string message) => Messages.WriteLine($"platform: {message}");

    /// <summary>Writes a JSON document, or one line of many.</summary>
    public static void Print(object document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Shape));

    /// <summary>A console; without colours and without wrapping when it is a file or a pipe.</summary>
    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        // https://no-color.org: set and not empty means no colours, whatever the terminal can do.
        if (redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 })
            (settings.Ansi, settings.ColorSystem, settings.Interactive) = (AnsiSupport.No, ColorSystemSupport.NoColors, InteractionSupport.No);
        var console = AnsiConsole.Create(settings);
        if (redirected)
            console.Profile.Width = 1_000;
        return console;
    }

    private static CommandException? Explain(Exception e, CancellationToken token) => e switch
    {
        CommandException known => known,
        ServersException servers => new CommandException(ExitCodes.Unreachable, servers.Message),
        OperationCanceledException when token.IsCancellationRequested => new CommandException(ExitCodes.Failed, "Stopped."),
        RpcException rpc when token.IsCancellationRequested && rpc.StatusCode == StatusCode.Cancelled => new CommandException(ExitCodes.Failed, "Stopped."),
        RpcException rpc => new CommandException(Code(rpc.StatusCode), rpc.Status.Detail),
        _ when HostCommand.Code(e) is { } code => new CommandException(code, HostCommand.Text(e)),
        IndexMismatchException other => new CommandException(ExitCodes.WrongUsage, other.Message),
        EmbedderException embedder => new CommandException(embedder.IsTransient ? ExitCodes.Unreachable : ExitCodes.WrongUsage, embedder.Message),
        // The memory opened here says with these what a host's door would answer as INVALID_ARGUMENT; one that names a parameter is a mistake of ours.
        ArgumentException { ParamName: null } argument => new CommandException(ExitCodes.WrongUsage, argument.Message),
        // What the validation library refuses of the files it was given.
        ArgumentException { ParamName: "files" or "run" } refused => new CommandException(ExitCodes.WrongUsage, refused.Message.Replace($" (Parameter '{refused.ParamName}')", "", StringComparison.Ordinal)),
        IOException or UnauthorizedAccessException => new CommandException(ExitCodes.Failed, e.Message),
        _ => null,
    };

    private static int Code(StatusCode status) => status switch
    {
        StatusCode.Unavailable => ExitCodes.Unreachable,
        StatusCode.InvalidArgument or StatusCode.FailedPrecondition => ExitCodes.WrongUsage,
        _ => ExitCodes.Failed,
    };
}
