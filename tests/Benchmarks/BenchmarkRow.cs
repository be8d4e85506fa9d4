using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Benchmarks;

/// <summary>One figure beside its peer or its floor, as <c>platform bench</c> prints it.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Peer">What it stands beside.</param>
/// <param name="PeerValue">The peer's figure of the same run.</param>
/// <param name="Ratio">Value divided by peer value.</param>
/// <param name="Conditions">What was on.</param>
internal sealed record BenchmarkRow(string Name, double Value, string Unit, string Peer, double PeerValue, double Ratio, string Conditions)
{
    private const string LoadFile = "/proc/loadavg";
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A row beside a peer; the machine and how busy it is join the conditions.</summary>
    public static BenchmarkRow Of(string name, double value, string unit, string peer, double peerValue, string conditions) =>
        new(name, Round(value), unit, peer, Round(peerValue), peerValue == 0 ? 0 : Round(value / peerValue), $"{conditions}; {Machine()}");

    /// <summary>The row as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Shape);

    /// <summary>Prints the row.</summary>
    public void Print() => Console.WriteLine(ToJson());

    private static double Round(double value) => Math.Round(value, 3);

    /// <summary>Others may share the machine: a figure means little without knowing how busy it was.</summary>
    private static string Machine()
    {
        var load = File.Exists(LoadFile) ? $", load average {File.ReadAllText(LoadFile).Split(' ')[0]}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores{load}");
    }
}
