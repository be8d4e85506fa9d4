using System.CommandLine;
using System.Text.Json;
using Platform.Cli.Servers;
using Spectre.Console;

namespace Platform.Cli.Testing;

/// <summary><c>platform bench</c>: builds the benchmark program of the sources around and passes on the rows that it prints.</summary>
internal static class BenchCommand
{
    private const string Project = "Benchmarks";
    private const string Program = "Platform.Benchmarks";

    private static readonly Argument<string[]> Names = new("names") { Arity = ArgumentArity.ZeroOrMore, Description = "What to measure; everything but soak, pgvector and kills, which take minutes, when nothing is named." };

    /// <summary>The command, to be added to the root.</summary>
    public static Command Create() => CommandRun.Bind(
        new Command("bench", "Measures, each figure beside its peer or floor of the same run: sse, client, delivery, admission, jobs, cancel, quota, speedup, content, batch, metrics, console, vectors, hnswlib, patterns, erasing, kills, pgvector, soak. Needs the source folder.") { Names },
        RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var root = Repository.Find("bench");
        var names = run.Get(Names)!;
        run.Say($"building {Project}");
        var built = await Repository.DotNet(root, "build", Path.Combine("tests", Project), "--configuration", Repository.Configuration, "--verbosity", "quiet", "--nologo", "-p:UseSharedCompilation=false").RunAsync(token);
        if (!built.Succeeded)
            throw new CommandException(ExitCodes.Failed, $"the benchmarks do not build: {ExternalCommand.Tail(built.Output, 30)}");
        var measured = await new ExternalCommand(Repository.TestProgram(root, Project, Program), ["rows", .. names])
        {
            Folder = root,
            Environment = TestServers.CleanEnvironment(Kept()),
            OnLine = line => Take(run, line),
        }.RunAsync(token);
        return measured.ExitCode;
    }

    /// <summary>Where servers are, which a user may set for this command; nothing else of this user's settings may change a figure.</summary>
    private static Dictionary<string, string?> Kept() =>
        new[] { ServerKitOptions.FolderVariable, ServerKit.GivenVariable(ServerRoles.PostgreSql), ServerKit.GivenVariable(ServerRoles.RabbitMq) }
            .ToDictionary(name => name, Environment.GetEnvironmentVariable);

    /// <summary>Rows are the answer, everything else a message.</summary>
    private static void Take(CommandRun run, string line)
    {
        if (!line.StartsWith('{'))
            Console.Error.WriteLine(line);
        else if (run.Json)
            Console.Out.WriteLine(line);
        else
            run.Answer.WriteLine(Words(JsonElement.Parse(line)));
    }

    /// <summary>A row for people.</summary>
    internal static string Words(JsonElement row) => FormattableString.Invariant(
        $"{Text(row, "name")}: {row.GetProperty("value").GetDouble():0.###} {Text(row, "unit")} ({Text(row, "peer")}: {row.GetProperty("peer_value").GetDouble():0.###}, ratio {row.GetProperty("ratio").GetDouble():0.###}) - {Text(row, "conditions")}");

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}
