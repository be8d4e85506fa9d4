namespace Platform.Router;

/// <summary>
/// How the money of a batch with a cost limit is divided. No more jobs are on their way than what is left pays for by what one is expected to
/// cost, and each may spend what is left less what the others are expected to: so one job alone never passes the limit, and several at
/// once pass it by no more than what they cost above expectation.
/// </summary>
internal static class BatchMoney
{
    // A room of 0 says that there is no limit; who has nothing left gets this, which pays for no call.
    private const double Nothing = 1e-9;
    private const double Rounding = 1e-9;

    /// <summary>What one job is expected to cost: the average of the closed ones, with one more that cost the reserve, so that the first say little.</summary>
    public static double ExpectedUsd(double reserveUsd, long closed, double closedUsd) => (closedUsd + reserveUsd) / (closed + 1);

    /// <summary>Whether nothing is left.</summary>
    public static bool IsSpent(double leftUsd) => leftUsd < Rounding;

    /// <summary>Jobs that may run or be claimable at once. One always may: its own limit holds it to what is left.</summary>
    public static long OnTheWay(double leftUsd, double expectedUsd) =>
        expectedUsd <= 0 || leftUsd / expectedUsd > int.MaxValue ? int.MaxValue : Math.Max(1, (long)Math.Floor((leftUsd / expectedUsd) + Rounding));

    /// <summary>What one more job may spend while others are on their way.</summary>
    public static double RoomUsd(double leftUsd, double expectedUsd, long onTheWay) => Math.Max(leftUsd - (expectedUsd * Math.Max(0, onTheWay - 1)), Nothing);
}
