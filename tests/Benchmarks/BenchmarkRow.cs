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
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>A row beside a peer.</summary>
    public static BenchmarkRow Of(string name, double value, string unit, string peer, double peerValue, string conditions) =>
        new(name, Math.Round(value, 3), unit, peer, Math.Round(peerValue, 3), peerValue == 0 ? 0 : Math.Round(value / peerValue, 3), conditions);

    /// <summary>Prints the row as one line of JSON.</summary>
    public void Print() => Console.WriteLine(JsonSerializer.Serialize(this, Shape));
}
