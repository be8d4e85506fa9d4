using FsCheck;
using FsCheck.Fluent;
using Platform.Metrics.Rollups;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class LogHistogramSpec
{
    private const int Samples = 1_000_000;
    private static readonly double[] Shares = [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

    public static TheoryData<string> Shapes => ["uniform", "lognormal", "two humps"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Percentile_OfAMillionSamples_IsWithinOnePercentOfExact(string shape)
    {
        var values = Draw(shape);
        var histogram = Of(values);
        Array.Sort(values);
        foreach (var share in Shares)
        {
            var exact = values[Math.Clamp((int)Math.Ceiling(share * Samples), 1, Samples) - 1];
            histogram.Percentile(share).ShouldBe(exact, exact * LogHistogram.RelativeError * (1 + 1e-9), $"{shape} at {share}");
        }

        histogram.Count.ShouldBe(Samples);
        histogram.Max.ShouldBe(values[^1]);
        histogram.Mean.ShouldBe(values.Average(), 0.001);
    }

    [Fact]
    public void Merge_OfParts_EqualsTheWhole() =>
        Prop.ForAll(Parts, parts =>
        {
            var merged = new LogHistogram();
            foreach (var part in parts)
                merged.Merge(Of(part));
            return Bytes(merged) == Bytes(Of(parts.SelectMany(p => p)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Merge_InAnotherOrder_GivesTheSame() =>
        Prop.ForAll(Parts, parts =>
        {
            var (forward, backward) = (new LogHistogram(), new LogHistogram());
            foreach (var part in parts)
                forward.Merge(Of(part));
            foreach (var part in parts.Reverse())
                backward.Merge(Of(part.Reverse()));
            return Bytes(forward) == Bytes(backward);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void FromBytes_OfWhatWasWritten_GivesTheSame() =>
        Prop.ForAll(Parts, parts =>
        {
            var histogram = Of(parts.SelectMany(p => p));
            var read = LogHistogram.FromBytes(histogram.ToBytes());
            return Bytes(read) == Bytes(histogram) && read.Percentile(0.95) == histogram.Percentile(0.95) && read.Sum == histogram.Sum;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void FromBytes_OfDamagedBytes_SaysSoOrReadsAHistogram()
    {
        var good = Of([1, 2, 3, 500, 70_000]).ToBytes();
        for (var place = 0; place < good.Length; place++)
        {
            Should.Throw<InvalidDataException>(() => LogHistogram.FromBytes(good.AsSpan(0, place == 0 ? 2 : place)));
        }

        LogHistogram.FromBytes([]).Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Add_OfWhatIsNoDuration_Throws(double value) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LogHistogram().Add(value));

    [Fact]
    public void Add_BeyondTheRange_StaysBounded()
    {
        var histogram = Of([0, 1e-9, double.PositiveInfinity, 1e300, 1]);
        histogram.Count.ShouldBe(5);
        histogram.Max.ShouldBe(LogHistogram.Largest);
        histogram.Percentile(0.2).ShouldBe(0, 0.001);
        histogram.ToBytes().Length.ShouldBeLessThan(100);
    }

    private static Arbitrary<double[][]> Parts =>
        Gen.Choose(0, int.MaxValue).Select(i => Math.Pow(10, i / (double)int.MaxValue * 13 - 4)).ArrayOf().ArrayOf().ToArbitrary();

    private static string Bytes(LogHistogram histogram) => Convert.ToHexString(histogram.ToBytes());

    private static LogHistogram Of(IEnumerable<double> values)
    {
        var histogram = new LogHistogram();
        foreach (var value in values)
            histogram.Add(value);
        return histogram;
    }

    private static double[] Draw(string shape)
    {
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var values = new double[Samples];
        for (var i = 0; i < Samples; i++)
        {
            values[i] = shape switch
            {
                "uniform" => 1 + random.NextDouble() * 20_000,
                "lognormal" => Math.Exp(5 + 1.5 * Normal()),
                _ => Math.Abs(random.Next(10) < 9 ? 80 + 10 * Normal() : 9_000 + 900 * Normal()) + 0.01,
            };
        }

        return values;
    }
}
