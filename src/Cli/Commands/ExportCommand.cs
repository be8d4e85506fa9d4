using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.V1;

namespace Platform.Cli.Commands;

/// <summary><c>platform export --training</c>: verified pairs of task and code as JSON lines, each with its licence.</summary>
internal static class ExportCommand
{
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Option<bool> Training = new("--training") { Description = "Verified pairs of task and code.", Required = true };
    private static readonly Option<string> Project = new("--project") { Description = "Only this project.", DefaultValueFactory = static _ => "" };
    private static readonly Option<string> Language = new("--language") { Description = "Only this language.", DefaultValueFactory = static _ => "" };
    private static readonly Option<bool> Tested = new("--tested") { Description = "Only what passed tests." };
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "File to write; default: standard output." };

    public static Command Create() =>
        CommandRun.Bind(new Command("export", "Writes what was verified as JSON lines; nothing simulated, banned, rejected or secret.") { Training, Project, Language, Tested, Out }, RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        await using var memory = await Memory.OpenToReadAsync(run, token);
        await using var file = run.Get(Out) is { } path ? new StreamWriter(path.FullName) : null;
        var writer = file ?? Console.Out;
        var count = 0;
        await foreach (var pair in memory.ExportTrainingAsync(new ExportTrainingRequest { Project = run.Get(Project), Language = run.Get(Language), TestedOnly = run.Get(Tested) }, token))
        {
            await writer.WriteLineAsync(JsonSerializer.Serialize(Line(pair), Shape).AsMemory(), token);
            count++;
        }

        run.Say($"{count} pairs written.");
        return ExitCodes.Success;
    }

    private static object Line(TrainingPair pair) => new
    {
        pair.Id,
        pair.Project,
        pair.Licence,
        pair.Origin,
        pair.Language,
        pair.Task,
        files = pair.Files.Select(f => new { f.Path, f.Language, f.Text }),
        pair.TestsPassed,
        pair.Verdict,
        job = pair.JobId,
    };
}
