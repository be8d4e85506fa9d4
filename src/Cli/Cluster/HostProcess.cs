using System.Diagnostics;
using Platform.Cli.Servers;

namespace Platform.Cli.Cluster;

/// <summary>One host as a process of its own, with its words kept in a log file.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(40);
    private readonly ProcessStartInfo _start;
    private readonly string _log;
    private Process _process;

    private HostProcess(string role, int http, int grpc, ProcessStartInfo start, string log)
    {
        Role = role;
        Http = new Uri($"http://127.0.0.1:{http}");
        Grpc = new Uri($"http://127.0.0.1:{grpc}");
        _start = start;
        _log = log;
        _process = Launch();
    }

    /// <summary>Modules it runs.</summary>
    public string Role { get; }

    /// <summary>HTTP/1.1 door.</summary>
    public Uri Http { get; }

    /// <summary>gRPC door.</summary>
    public Uri Grpc { get; }

    /// <summary>Operating system id.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote so far.</summary>
    public string Log => File.Exists(_log) ? File.ReadAllText(_log) : "";

    /// <summary>Starts a host.</summary>
    /// <param name="role">Value of <c>--modules</c>.</param>
    /// <param name="http">Port.</param>
    /// <param name="grpc">Port.</param>
    /// <param name="settings">Environment of the process beside PATH and HOME.</param>
    /// <param name="log">File for its words.</param>
    public static HostProcess Start(string role, int http, int grpc, IReadOnlyDictionary<string, string> settings, string log)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var word in new[] { Path.Combine(AppContext.BaseDirectory, "platform.dll"), "up", "--modules", role })
            start.ArgumentList.Add(word);
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        start.Environment["HTTP_PORT"] = $"{http}";
        start.Environment["GRPC_PORT"] = $"{grpc}";
        start.Environment["OTEL_SERVICE_NAME"] = $"platform-{role}";
        return new HostProcess(role, http, grpc, start, log);
    }

    /// <summary>A setting of its environment; empty when it has none.</summary>
    public string Setting(string name) => _start.Environment.TryGetValue(name, out var value) ? value ?? "" : "";

    /// <summary>Waits until <c>/health</c> answers 200.</summary>
    /// <exception cref="CommandException">The process ended; its last words are in the message.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken token)
    {
        using var client = new HttpClient { BaseAddress = Http, Timeout = TimeSpan.FromSeconds(5) };
        while (true)
        {
            token.ThrowIfCancellationRequested();
            if (_process.HasExited)
                throw new CommandException(ExitCodes.Failed, $"The {Role} host ended with exit code {_process.ExitCode} before it was ready: {Tail()}");
            try
            {
                using var answer = await client.GetAsync("/health", token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !token.IsCancellationRequested)
            {
                // Not listening yet.
            }

            await Task.Delay(100, token);
        }
    }

    /// <summary>kill -9: no goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it anew on the same ports, after a kill.</summary>
    public void Restart() => _process = Launch();

    /// <summary>Freezes the process (SIGSTOP).</summary>
    public void Freeze() => Signal.Stop.SendTo(_process.Id);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => Signal.Continue.SendTo(_process.Id);

    /// <summary>Asks it to stop (SIGTERM) and waits.</summary>
    public async Task StopAsync()
    {
        if (_process.HasExited)
            return;
        Signal.Terminate.SendTo(_process.Id);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private Process Launch()
    {
        var process = new Process { StartInfo = _start, EnableRaisingEvents = true };
        var gate = new Lock();
        void Keep(string? line)
        {
            if (line is null)
                return;
            lock (gate)
                File.AppendAllText(_log, line + Environment.NewLine);
        }

        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private string Tail()
    {
        var lines = Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(" | ", lines.TakeLast(5));
    }
}
