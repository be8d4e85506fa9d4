using System.Collections.Concurrent;
using System.ComponentModel;

namespace Platform.Validation;

/// <summary>The workers of one kind in this process: as many as there are processors at most, started when asked for, ended when nobody asks for half a minute.</summary>
internal sealed class ScriptWorkers
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly WorkerKind kind;
    private readonly SemaphoreSlim slots = new(Math.Max(1, Environment.ProcessorCount));
    private readonly ConcurrentStack<ScriptWorker> idle = new();
    private readonly Timer sweep;

    /// <summary>Workers of a kind; none is started yet.</summary>
    internal ScriptWorkers(WorkerKind kind)
    {
        this.kind = kind;
        sweep = new(static workers => ((ScriptWorkers)workers!).EndIdle(), this, IdleTime, IdleTime);
    }

    /// <summary>Those that read Python.</summary>
    public static ScriptWorkers Python { get; } = new(WorkerKind.Python);

    /// <summary>Those that read with Python's installed packages.</summary>
    public static ScriptWorkers PythonPackages { get; } = new(WorkerKind.PythonPackages);

    /// <summary>Those that read JavaScript.</summary>
    public static ScriptWorkers Node { get; } = new(WorkerKind.Node);

    /// <summary>Asks a script about files.</summary>
    /// <param name="about">The script's name in <see cref="WorkerKind.Scripts"/>.</param>
    /// <param name="question">What its function <c>answer</c> takes.</param>
    /// <param name="options">How long it may take.</param>
    /// <param name="token">Stops.</param>
    public async Task<WorkerAnswer> AskAsync(string about, object question, ValidationOptions options, CancellationToken token)
    {
        if (Tool.Find(kind.Program) is not { } program)
            return WorkerAnswer.Failed("is not installed");
        await slots.WaitAsync(token);
        try
        {
            using var time = new CancellationTokenSource(options.ToolTimeout);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, token);
            return await AskAsync(program, about, question, either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return WorkerAnswer.Failed("timed out");
        }
        catch (Win32Exception e)
        {
            return WorkerAnswer.Failed("cannot be started: " + e.Message);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<WorkerAnswer> AskAsync(string program, string about, object question, CancellationToken token)
    {
        while (idle.TryPop(out var worker))
        {
            if (!worker.HasEnded)
                return await AskAsync(worker, about, question, token);
            worker.Dispose();
        }
        return await AskAsync(await ScriptWorker.StartAsync(kind, program), about, question, token);
    }

    private async Task<WorkerAnswer> AskAsync(ScriptWorker worker, string about, object question, CancellationToken token)
    {
        var stays = false;
        try
        {
            var answer = await worker.AskAsync(about, question, token);
            stays = !answer.IsTired;
            return answer;
        }
        finally
        {
            if (stays)
                idle.Push(worker);
            else
                worker.Dispose();
        }
    }

    // The stack keeps the last used on top; what is taken off here goes back unless it is old.
    private void EndIdle()
    {
        var all = new ScriptWorker[Math.Max(1, idle.Count)];
        var count = idle.TryPopRange(all);
        foreach (var worker in all.Take(count).Reverse())
        {
            if (Environment.TickCount64 - worker.LastAskedMs > IdleTime.TotalMilliseconds)
                worker.Dispose();
            else
                idle.Push(worker);
        }
        GC.KeepAlive(sweep);
    }
}
