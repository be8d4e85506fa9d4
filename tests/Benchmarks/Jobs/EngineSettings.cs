namespace Platform.Benchmarks.Jobs;

/// <summary>Settings that put one upstream behind every engine.</summary>
internal static class EngineSettings
{
    /// <summary>Both built-in engines at a Simulator.</summary>
    public static Dictionary<string, string?> Simulated(Uri simulator)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var engine in new[] { "Cerebras", "Claude" })
        {
            settings[$"Engines:{engine}:BaseUrl"] = simulator.ToString();
            settings[$"Engines:{engine}:ApiKey"] = "simulated";
            settings[$"Engines:{engine}:Simulated"] = "true";
        }

        return settings;
    }

    /// <summary>One OpenAI-compatible upstream, alone.</summary>
    public static Dictionary<string, string?> Only(Uri upstream) => new()
    {
        ["Engines:Stamp:Kind"] = "openai",
        ["Engines:Stamp:BaseUrl"] = upstream.ToString(),
        ["Engines:Stamp:Models:Quality"] = "simulated-stamp",
        ["Engines:Stamp:Simulated"] = "true",
    };
}
