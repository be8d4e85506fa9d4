using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Platform.Validation;

/// <summary>A program to start: never through a shell, never with this process's environment.</summary>
internal sealed record ChildCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The whole environment of the child; this process's own is never passed on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Text for standard input, which is then closed.</summary>
    public string Input { get; init; } = "";

    /// <summary>The child's current folder; null means this process's.</summary>
    public string? Folder { get; init; }
}

/// <summary>How a child ended.</summary>
internal sealed record ChildResult(int ExitCode, string Output, string Error, double Ms)
{
    /// <summary>The time limit ended it.</summary>
    public bool TimedOut { get; init; }

    /// <summary>It printed more than allowed and was stopped.</summary>
    public bool TooMuchOutput { get; init; }

    /// <summary>Its processes held more memory than allowed and were stopped.</summary>
    public bool TooMuchMemory { get; init; }
}

/// <summary>Starts children, feeds and reads them, and ends them with everything they started.</summary>
internal static class ChildProcess
{
    // A child that asks to die with its parent dies with the *thread* that started it. Pool threads come and go; this one stays.
    private static readonly BlockingCollection<Action> Starts = StartThread();

    /// <summary>Runs to the end, or kills the tree at the first limit reached.</summary>
    public static async Task<ChildResult> RunAsync(ChildCommand command, TestLimits limits, CancellationToken token, bool watchMemory = false)
    {
        var clock = Stopwatch.StartNew();
        using var process = await StartAsync(command);
        using var time = new CancellationTokenSource(limits.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(time.Token, token);
        var output = new BoundedReader(process.StandardOutput.BaseStream, limits.OutputBytes, stop);
        var error = new BoundedReader(process.StandardError.BaseStream, limits.OutputBytes, stop);
        var memory = watchMemory ? MemoryWatch.RunAsync(process.Id, limits.MemoryBytes, stop) : Task.FromResult(false);
        try
        {
            await WriteInputAsync(process, command.Input, stop.Token);
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        await Task.WhenAll(output.EndAsync(), error.EndAsync());
        var timedOut = time.IsCancellationRequested;
        await stop.CancelAsync();
        var tooMuchMemory = await memory;
        token.ThrowIfCancellationRequested();
        return new ChildResult(process.ExitCode, output.Text, error.Text, clock.Elapsed.TotalMilliseconds)
        {
            TimedOut = timedOut && !output.Exceeded && !error.Exceeded && !tooMuchMemory,
            TooMuchOutput = output.Exceeded || error.Exceeded,
            TooMuchMemory = tooMuchMemory,
        };
    }

    private static async Task WriteInputAsync(Process process, string input, CancellationToken token)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), token);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The child ended without reading its input; its exit code says why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Starts a child whose three pipes are the caller's to use and whose end is the caller's to see to.</summary>
    public static Task<Process> StartAsync(ChildCommand command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = command.Folder ?? "",
        };
        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var queue = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in queue.GetConsumingEnumerable())
                start();
        })
        { IsBackground = true, Name = "child starter" }.Start();
        return queue;
    }
}
