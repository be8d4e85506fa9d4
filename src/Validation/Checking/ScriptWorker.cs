using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Platform.Validation;

/// <summary>
/// A running interpreter that reads scripts for us, so that its start is paid once and not with every file. It runs our scripts only, never what they look at; it has limits on
/// memory and files of its own, no environment of ours, and ends when its input does, that is with this process at the latest.
/// </summary>
internal sealed class ScriptWorker : IDisposable
{
    private const int MaxAnswer = 8 << 20;

    private readonly Process process;
    private readonly byte[] buffer = new byte[64 * 1024];
    // Its scripts, until they are sent with the first question: what goes wrong then is that question's answer.
    private string? scripts;

    private ScriptWorker(Process process, string scripts) => (this.process, this.scripts) = (process, scripts);

    /// <summary>When it was asked last.</summary>
    public long LastAskedMs { get; private set; } = Environment.TickCount64;

    /// <summary>Something ended it while nobody asked.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>Starts one.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static async Task<ScriptWorker> StartAsync(WorkerKind kind, string program)
    {
        var worker = new ScriptWorker(await ChildProcess.StartAsync(kind.Command(program)), kind.FirstLine);
        _ = worker.process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return worker;
    }

    /// <summary>Asks it. After an answer that is not good, or with <c>IsTired</c>, it is of no more use.</summary>
    public async Task<WorkerAnswer> AskAsync(string about, object question, CancellationToken token)
    {
        LastAskedMs = Environment.TickCount64;
        try
        {
            if (scripts is not null)
                await WriteAsync(scripts, token);
            scripts = null;
            await WriteAsync(JsonSerializer.Serialize(new { about, question }), token);
            return await ReadAsync(token) switch
            {
                ['+' or '-', .. var json] line => new WorkerAnswer(json, null, line[0] == '-'),
                ['!', .. var problem] => WorkerAnswer.Failed("failed: " + JsonSerializer.Deserialize<string>(problem)),
                null => WorkerAnswer.Failed("printed too much"),
                _ => WorkerAnswer.Failed(await EndAsync(token)),
            };
        }
        catch (IOException)
        {
            return WorkerAnswer.Failed(await EndAsync(token));
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        process.Dispose();
    }

    private async Task<string> EndAsync(CancellationToken token)
    {
        await process.WaitForExitAsync(token);
        return $"failed with exit code {process.ExitCode}";
    }

    private async Task WriteAsync(string line, CancellationToken token)
    {
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), token);
        await process.StandardInput.BaseStream.FlushAsync(token);
    }

    // It answers with one line and then waits for the next question. Empty when it ended, null when the line is too long.
    private async Task<string?> ReadAsync(CancellationToken token)
    {
        using var kept = new MemoryStream();
        while (await process.StandardOutput.BaseStream.ReadAsync(buffer, token) is > 0 and var count)
        {
            kept.Write(buffer, 0, count);
            if (buffer[count - 1] == (byte)'\n')
                return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length - 1);
            if (kept.Length > MaxAnswer)
                return null;
        }
        return "";
    }
}

/// <summary>What a worker said.</summary>
/// <param name="Json">The answer; null with a problem.</param>
/// <param name="Problem">Why there is none, to be read behind the interpreter's name.</param>
/// <param name="IsTired">It must not be asked again.</param>
internal sealed record WorkerAnswer(string? Json, string? Problem, bool IsTired)
{
    public static WorkerAnswer Failed(string problem) => new(null, problem, true);
}
