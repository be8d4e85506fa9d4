namespace Platform.Simulator.Faults;

/// <summary>Decides which call fails and how: first what is scheduled for the next calls, then the seeded rates.</summary>
internal sealed class FaultSchedule
{
    private readonly Lock gate = new();
    private readonly List<Waiting> waiting = [];
    private readonly Entry[] rates;
    private readonly ulong seed;

    public FaultSchedule(IReadOnlyDictionary<string, double> rates, int seed)
    {
        this.rates = [.. rates.Select(rate => Entry.Parse(rate.Key, rate.Value)).OrderBy(entry => entry.Fault.Name, StringComparer.Ordinal)];
        this.seed = unchecked((ulong)seed);
        foreach (var engine in Enum.GetValues<SimulatorEngine>())
        {
            var sum = this.rates.Where(entry => entry.Meets(engine)).Sum(entry => entry.Rate);
            if (sum > 1.0000001)
                throw new ArgumentException($"fault: the rates that meet {engine} add up to {sum}; allowed is 1 at most");
        }
    }

    public void Next(string name, int calls)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(calls);
        lock (gate)
            waiting.Add(new Waiting(Entry.Parse(name, 1)) { Left = calls });
    }

    /// <summary>The fault of call <paramref name="number"/>, or null. One draw is shared by all rates, so that rates add up exactly.</summary>
    public Fault? Draw(long number, SimulatorEngine engine)
    {
        if (Scheduled(engine) is { } scheduled)
            return scheduled;
        if (rates.Length == 0)
            return null;
        var draw = new Dice(seed ^ ((ulong)number * 0x9E3779B97F4A7C15)).Unit();
        foreach (var entry in rates)
        {
            if (!entry.Meets(engine))
                continue;
            draw -= entry.Rate;
            if (draw < 0)
                return entry.Fault;
        }

        return null;
    }

    private Fault? Scheduled(SimulatorEngine engine)
    {
        lock (gate)
        {
            var first = waiting.Find(item => item.Entry.Meets(engine));
            if (first is null)
                return null;
            if (--first.Left == 0)
                waiting.Remove(first);
            return first.Entry.Fault;
        }
    }

    /// <summary>A fault, the API it is bound to (null = every API) and its rate.</summary>
    internal sealed record Entry(SimulatorEngine? Engine, Fault Fault, double Rate)
    {
        public static Entry Parse(string name, double rate)
        {
            if (!(rate is >= 0 and <= 1))
                throw new ArgumentException($"fault: the rate {rate} of '{name}' is out of range; allowed is 0 to 1");
            var split = name.IndexOf(':', StringComparison.Ordinal);
            if (split < 0)
                return new(null, Fault.Find(name), rate);
            if (!Enum.TryParse<SimulatorEngine>(name[..split], ignoreCase: true, out var engine))
                throw new ArgumentException($"fault: '{name}' names the unknown API '{name[..split]}'; known are cerebras, anthropic, openai");
            return new(engine, Fault.Find(name[(split + 1)..]), rate);
        }

        public bool Meets(SimulatorEngine engine) => Engine is null || Engine == engine;
    }

    private sealed class Waiting(Entry entry)
    {
        public Entry Entry => entry;

        public int Left { get; set; }
    }
}
