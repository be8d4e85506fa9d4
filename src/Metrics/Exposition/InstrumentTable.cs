using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;

namespace Platform.Metrics.Exposition;

/// <summary>
/// Listens to the platform's own instruments in this process and keeps their running totals, for a scrape.
/// Bounded: an instrument has at most <see cref="MostSeries"/> series, what comes after is counted in one series of overflow.
/// </summary>
internal sealed class InstrumentTable : IHostedService, IDisposable
{
    /// <summary>Most series of one instrument.</summary>
    public const int MostSeries = 2000;

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, InstrumentSeries> _instruments = new(StringComparer.Ordinal);

    public InstrumentTable()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter.Name))
                listener.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(PrometheusText.Name(instrument), _ => new InstrumentSeries(instrument)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>The instruments by name, observed now.</summary>
    public IEnumerable<KeyValuePair<string, InstrumentSeries>> Observe()
    {
        _listener.RecordObservableInstruments();
        return _instruments.OrderBy(i => i.Key, StringComparer.Ordinal);
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private static bool IsOurs(string meter) => meter.StartsWith("Platform.", StringComparison.Ordinal);
}
