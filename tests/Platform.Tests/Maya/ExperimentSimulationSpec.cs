using Platform.Maya;

namespace Platform.Tests.Maya;

/// <summary>What experiments promise, measured on simulated visitors. Seeded: the same figures on every machine.</summary>
public sealed class ExperimentSimulationSpec(ITestOutputHelper output)
{
    private const int Looks = 100;

    [Theory]
    [InlineData("thompson", 2, 0.1)]
    [InlineData("split", 2, 0.1)]
    [InlineData("thompson", 4, 0.03)]
    public void Winner_EqualArmsAndALookAfterEveryHundred_NamedInAtMostFivePercent(string allocation, int arms, double rate)
    {
        const int Runs = 300;
        var wrong = Enumerable.Range(0, Runs).Count(seed => new Trial(allocation, seed, [.. Enumerable.Repeat(rate, arms)]).Run(6_000, Looks) is not null);

        output.WriteLine($"{allocation}, {arms} arms: {wrong} of {Runs} runs named a winner that is none ({100.0 * wrong / Runs:F1}%)");
        ((double)wrong / Runs).ShouldBeLessThanOrEqualTo(0.05);
    }

    [Fact]
    public void Winner_PeekingAtAnOrdinaryTest_WouldBeWrongFarMoreOften()
    {
        // The same data under the usual z-test at every look: what the always-valid test is for, and proof that the simulation can fail.
        var wrong = Enumerable.Range(0, 200).Count(seed => new Trial("split", seed, [0.1, 0.1]).PeekAtZTest(10_000, Looks));

        output.WriteLine($"z-test with peeking: {wrong / 2.0:F1}% wrong");
        (wrong / 200.0).ShouldBeGreaterThan(0.15);
    }

    [Theory]
    [InlineData("split", 200, 0.08)]
    [InlineData("thompson", 1_500, 0.10)]
    public void Winner_RealDifference_IsFound(string allocation, long minimum, double better)
    {
        var found = Enumerable.Range(0, 50).Select(seed => new Trial(allocation, seed, [0.05, better], minimum: minimum).Run(10_000, Looks)).ToList();

        output.WriteLine($"{allocation}: {found.Count(winner => winner == "b")} of 50 runs name the arm with {better:P0} against 5% within 10,000 trials, {found.Count(winner => winner == "a")} the other");
        found.Count(winner => winner == "b").ShouldBeGreaterThanOrEqualTo(45);
        found.ShouldNotContain("a");
    }

    [Fact]
    public void Thompson_Regret_AtMostHalfOfUniformsAndSublinear()
    {
        double[] rates = [0.04, 0.05, 0.06, 0.08];
        const int Trials = 20_000;
        var runs = Enumerable.Range(0, 30).Select(seed =>
        {
            var trial = new Trial("thompson", seed, rates);
            trial.Run(Trials, Trials);
            return (Half: trial.RegretAtHalf, All: trial.Regret);
        }).ToList();
        var (half, all) = (runs.Average(r => r.Half), runs.Average(r => r.All));
        var uniform = Trials * (rates.Max() - rates.Average());

        output.WriteLine($"regret after {Trials}: {all:F0}, uniform {uniform:F0}, ratio {all / uniform:F2}; first half {half:F0}, second half {all - half:F0}");
        (all / uniform).ShouldBeLessThanOrEqualTo(0.5);
        (all - half).ShouldBeLessThan(half * 0.6);
    }

    [Fact]
    public void Thompson_ArmThatFallsBehind_IsLeftWithDecay()
    {
        var trial = new Trial("thompson", 1, [0.05, 0.10], halfLife: 2_000);
        trial.Run(10_000, 10_000);
        trial.Change([0.10, 0.02]);
        trial.Run(10_000, 10_000);

        trial.Chances()[0].ShouldBeGreaterThan(0.9);
    }

    /// <summary>Visitors that come one by one, with the real allocation and the real verdict.</summary>
    private sealed class Trial
    {
        private static readonly string[] Names = ["a", "b", "c", "d"];
        private readonly Random _random;
        private readonly ExperimentRow _row;
        private readonly ArmRow[] _arms;
        private readonly double _fade;
        private double[] _rates;

        public Trial(string allocation, int seed, double[] rates, long halfLife = 100_000, long minimum = 200)
        {
            (_random, _rates, _fade) = (new Random(seed), rates, ThompsonSampler.Fade(1, halfLife));
            _row = new ExperimentRow { Id = "e", Allocation = allocation, Unit = "impression", Metric = "click", Minimum = minimum, Alpha = 0.05, HalfLife = halfLife };
            _arms = [.. rates.Select((_, i) => new ArmRow { Ordinal = i, Name = Names[i], Weight = 1.0 / rates.Length })];
        }

        public double Regret { get; private set; }

        public double RegretAtHalf { get; private set; }

        public void Change(double[] rates) => _rates = rates;

        public double[] Chances() => ExperimentVerdict.Chances(_row, _arms);

        /// <summary>The first winner that is named, or null.</summary>
        public string? Run(int trials, int lookEvery)
        {
            for (var i = 1; i <= trials; i++)
            {
                One();
                if (i == trials / 2)
                    RegretAtHalf = Regret;
                if (i % lookEvery == 0 && Quick() && Verdict() is { Length: > 0 } winner)
                    return winner;
            }

            return null;
        }

        public bool PeekAtZTest(int trials, int lookEvery)
        {
            for (var i = 1; i <= trials; i++)
            {
                One();
                var (a, b) = (_arms[0], _arms[1]);
                var pooled = (double)(a.Successes + b.Successes) / (a.Trials + b.Trials);
                var z = Math.Abs(((double)a.Successes / a.Trials) - ((double)b.Successes / b.Trials)) / Math.Sqrt(pooled * (1 - pooled) * ((1.0 / a.Trials) + (1.0 / b.Trials)));
                if (i % lookEvery == 0 && i >= 400 && z > 1.96)
                    return true;
            }

            return false;
        }

        private string Verdict() => ExperimentVerdict.Of(_row, _arms).Winner;

        /// <summary>Spares the costly verdict where no pair of arms is credibly different anyway.</summary>
        private bool Quick() => _row.Allocation == "split" || _arms.Any(a => _arms.Any(b => a != b && EvidenceValue.PValue(EvidenceValue.Different([a.Counts, b.Counts])) <= _row.Alpha));

        private void One()
        {
            var arm = _row.Allocation == "split" ? _arms[_random.Next(_arms.Length)] : ThompsonSampler.Next(_row, _arms, _random);
            var at = (int)arm.Ordinal;
            var success = _random.NextDouble() < _rates[at] ? 1 : 0;
            foreach (var each in _arms)
                (each.FreshSuccesses, each.FreshFailures) = (each.FreshSuccesses * _fade, each.FreshFailures * _fade);
            arm.Assigned++;
            arm.Trials++;
            arm.Impressions++;
            arm.Successes += success;
            arm.FreshSuccesses += success;
            arm.FreshFailures += 1 - success;
            Regret += _rates.Max() - _rates[at];
        }
    }
}
