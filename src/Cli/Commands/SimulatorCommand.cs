using System.CommandLine;
using Platform.Simulator;

namespace Platform.Cli.Commands;

/// <summary><c>platform simulator</c>: the local stand-in for the engines' HTTP APIs.</summary>
internal static class SimulatorCommand
{
    private static readonly Option<int> Port = new("--port") { Description = "Port on 127.0.0.1; 0 takes any free one." };
    private static readonly Option<string?> Engine = new("--engine") { Description = "Only this API: cerebras, anthropic or openai. Default: all on one port." };
    private static readonly Option<double?> FirstToken = new("--ttft-ms") { Description = "Wait before the first token, in milliseconds." };
    private static readonly Option<double?> Pace = new("--tokens-per-second") { Description = "Pace; 0 is unlimited." };
    private static readonly Option<string[]> Faults = new("--fault") { Description = "NAME=RATE, may be given several times.", DefaultValueFactory = static _ => [] };
    private static readonly Option<FileInfo?> Script = new("--script") { Description = "Scripted answers (YAML or JSON)." };
    private static readonly Option<int?> Requests = new("--requests-per-minute") { Description = "Quota of each model, a bucket that refills; the rate-limit headers tell of it." };
    private static readonly Option<int?> Tokens = new("--tokens-per-minute") { Description = "Quota of uncached tokens of each model, reserved before a call runs." };
    private static readonly Option<bool> MixesJson = new("--mixes-json") { Description = "Cerebras takes json_object in a stream, and an answer format beside tools." };
    private static readonly Option<int> Seed = new("--seed") { Description = "Same seed, same answers.", DefaultValueFactory = static _ => 1 };

    public static Command Create()
    {
        Engine.AcceptOnlyFromAmong("cerebras", "anthropic", "openai");
        return CommandRun.Bind(new Command("simulator", "Serves a stand-in for the Cerebras, Anthropic and OpenAI-compatible APIs on loopback. Its answers say that they are simulated.")
        {
            Port, Engine, FirstToken, Pace, Requests, Tokens, Faults, Script, MixesJson, Seed,
        }, RunAsync);
    }

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var server = await SimulatorServer.StartAsync(await OptionsAsync(run, token), token);
        CommandRun.Print(new { listening = server.Address.ToString().TrimEnd('/') });
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCodes.Success;
    }

    private static async Task<SimulatorOptions> OptionsAsync(CommandRun run, CancellationToken token)
    {
        try
        {
            var options = new SimulatorOptions
            {
                Port = run.Get(Port),
                Seed = run.Get(Seed),
                RequestsPerMinute = run.Get(Requests),
                TokensPerMinute = run.Get(Tokens),
                MixesJson = run.Get(MixesJson),
                Engine = run.Get(Engine) is { } engine ? Enum.Parse<SimulatorEngine>(engine, ignoreCase: true) : null,
                TimeToFirstToken = run.Get(FirstToken) is { } wait ? TimeSpan.FromMilliseconds(wait) : null,
                TokensPerSecond = run.Get(Pace),
                Faults = run.Get(Faults)!.Select(SimulatorOptions.ParseFault).ToDictionary(),
                Script = run.Get(Script) is { } file ? SimulatorScript.Parse(await InputFile.ReadTextAsync(file.FullName, token)) : null,
            };
            options.Validate();
            return options;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new CommandException(ExitCodes.WrongUsage, e.Message);
        }
    }
}
