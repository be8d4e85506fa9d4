namespace Platform.Simulator;

/// <summary>One call of a chat route as the simulator received it, and what became of it.</summary>
public sealed class SimulatedCall
{
    internal SimulatedCall(long number, SimulatorEngine engine, string path, DateTimeOffset time, IReadOnlyDictionary<string, string> headers)
    {
        Number = number;
        Engine = engine;
        Path = path;
        Time = time;
        Headers = headers;
    }

    /// <summary>Running number, from 1.</summary>
    public long Number { get; }

    /// <summary>The API that was called.</summary>
    public SimulatorEngine Engine { get; }

    /// <summary>The path that was called.</summary>
    public string Path { get; }

    /// <summary>When the call came in.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Request headers by lower-case name, without those that carry keys.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The model asked for; empty when the body could not be read.</summary>
    public string Model { get; internal set; } = "";

    /// <summary>Whether a stream was asked for.</summary>
    public bool Stream { get; internal set; }

    /// <summary>The whole prompt as text: tools, then one <c>role: text</c> paragraph for each message.</summary>
    public string Prompt { get; internal set; } = "";

    /// <summary>The request body as received, after decompression.</summary>
    public string Body { get; internal set; } = "";

    /// <summary>HTTP status of the answer; 0 while there is none.</summary>
    public int Status { get; internal set; }

    /// <summary>Name of the fault that was played; null = none.</summary>
    public string? Fault { get; internal set; }

    /// <summary>The answer's text, before any fault cut it; empty when the call was refused.</summary>
    public string Answer { get; internal set; } = "";

    /// <summary>The client went away before the answer was complete.</summary>
    public bool Aborted { get; internal set; }

    /// <summary>The call is over, for better or worse.</summary>
    public bool Completed { get; internal set; }

    internal long Size => Prompt.Length + Body.Length + Answer.Length;

    /// <summary>What the log counted for this call; 0 while it runs.</summary>
    internal long CountedSize { get; set; }

    /// <summary>The log no longer holds this call.</summary>
    internal bool Dropped { get; set; }
}
