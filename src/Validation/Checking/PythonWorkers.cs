using System.Collections.Concurrent;

namespace Platform.Validation;

/// <summary>The workers of this process: as many as there are processors at most, started when asked for, ended when nobody asks for half a minute.</summary>
internal static class PythonWorkers
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);
    private static readonly SemaphoreSlim Slots = new(Math.Max(1, Environment.ProcessorCount));
    private static readonly ConcurrentStack<PythonWorker> Idle = new();
    private static readonly Timer Sweep = new(static _ => EndIdle(), null, IdleTime, IdleTime);

    /// <summary>Asks a script about files.</summary>
    /// <param name="about">"check", "fix" or "scan".</param>
    /// <param name="question">What its function <c>answer</c> takes.</param>
    /// <param name="options">How long it may take.</param>
    /// <param name="token">Stops.</param>
    public static async Task<WorkerAnswer> AskAsync(string about, object question, ValidationOptions options, CancellationToken token)
    {
        if (Tool.Find("python3") is not { } python)
            return WorkerAnswer.Failed("is not installed");
        await Slots.WaitAsync(token);
        try
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(token);
            time.CancelAfter(options.ToolTimeout);
            return await AskAsync(python, about, question, time.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return WorkerAnswer.Failed("timed out");
        }
        finally
        {
            Slots.Release();
        }
    }

    private static async Task<WorkerAnswer> AskAsync(string python, string about, object question, CancellationToken token)
    {
        while (Idle.TryPop(out var idle))
        {
            if (!idle.HasEnded)
                return await AskAsync(idle, about, question, token);
            idle.Dispose();
        }
        return await AskAsync(await PythonWorker.StartAsync(python, token), about, question, token);
    }

    private static async Task<WorkerAnswer> AskAsync(PythonWorker worker, string about, object question, CancellationToken token)
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
                Idle.Push(worker);
            else
                worker.Dispose();
        }
    }

    // The stack keeps the last used on top; what is taken off here goes back unless it is old.
    private static void EndIdle()
    {
        var all = new PythonWorker[Math.Max(1, Idle.Count)];
        var count = Idle.TryPopRange(all);
        foreach (var worker in all.Take(count).Reverse())
        {
            if (Environment.TickCount64 - worker.LastAskedMs > IdleTime.TotalMilliseconds)
                worker.Dispose();
            else
                Idle.Push(worker);
        }
        GC.KeepAlive(Sweep);
    }
}
