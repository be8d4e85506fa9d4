using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Benchmarks.Jobs;

/// <summary>The Simulator as a process of its own, so that neither its memory nor its processor time counts as the system's.</summary>
internal sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly Process _process;

    private SimulatorProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts it without any waiting of its own, with these faults at these rates.</summary>
    public static async Task<SimulatorProcess> StartAsync(params (string Fault, double Rate)[] faults)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var word in new[] { Path.Combine(AppContext.BaseDirectory, "platform.dll"), "simulator", "--port", "0", "--tokens-per-second", "0" })
            start.ArgumentList.Add(word);
        foreach (var (fault, rate) in faults)
        {
            start.ArgumentList.Add("--fault");
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"{fault}={rate}"));
        }

        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The Simulator ended before it listened.");
        return new SimulatorProcess(process, new Uri(JsonElement.Parse(line).GetProperty("listening").GetString()!));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
