using System.Diagnostics;
using System.Text;

namespace Platform.Cli.Servers;

/// <summary>What a finished command left behind.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">The end of what it printed, both streams, at most 64 Ki characters.</param>
internal sealed record CommandResult(int ExitCode, string Output)
{
    /// <summary>Whether it exited with 0.</summary>
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs a program to its end without a shell; the program and all it started die with the token.</summary>
internal sealed record ExternalCommand(string File, params IReadOnlyList<string> Arguments)
{
    private const int OutputLimit = 64 * 1024;

    /// <summary>Folder to run in; this process's own when null.</summary>
    public string? Folder { get; init; }

    /// <summary>Variables set over (or, with null, taken out of) those of this process.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Hears every line of both streams.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Runs it.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; the command was killed.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public async Task<CommandResult> RunAsync(CancellationToken token)
    {
        var output = new StringBuilder();
        using var process = new Process { StartInfo = Describe() };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        lock (output)
            return new CommandResult(process.ExitCode, output.ToString());

        void Take(string? line)
        {
            if (line is null)
                return;
            lock (output)
            {
                output.AppendLine(line);
                if (output.Length > OutputLimit)
                    output.Remove(0, output.Length - OutputLimit);
            }

            OnLine?.Invoke(line);
        }
    }

    /// <summary>Runs it and returns null when there is no such program or it takes longer than the limit.</summary>
    public async Task<CommandResult?> TryAsync(TimeSpan limit, CancellationToken token)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(token);
        timer.CancelAfter(limit);
        try
        {
            return await RunAsync(timer.Token);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception || (e is OperationCanceledException && !token.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Runs it and fails unless it exits with 0.</summary>
    /// <exception cref="ServersException">It exited with another code; says which, and the end of its output.</exception>
    public async Task<CommandResult> DemandAsync(CancellationToken token)
    {
        var result = await RunAsync(token);
        return result.Succeeded
            ? result
            : throw new ServersException($"'{File} {string.Join(' ', Arguments.Take(4))}' ended with {result.ExitCode}: {Tail(result.Output)}");
    }

    /// <summary>The last lines of a text, for messages.</summary>
    public static string Tail(string text, int lines = 12) =>
        string.Join('\n', text.TrimEnd().Split('\n').TakeLast(lines)).Trim();

    private ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(File, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder ?? string.Empty,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }
}
