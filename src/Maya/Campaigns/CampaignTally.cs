namespace Platform.Maya;

/// <summary>How a campaign's counts change.</summary>
internal sealed class CampaignTally
{
    public long Ready { get; private set; }

    public long Failed { get; private set; }

    public long Cancelled { get; private set; }

    public double CostUsd { get; set; }

    public bool Simulated { get; set; }

    /// <summary>Counts a post of a state in or out; pending ones are what is left.</summary>
    public void Count(string state, int by)
    {
        switch (state)
        {
            case PostStates.Pending:
                break;
            case PostStates.Cancelled:
                Cancelled += by;
                break;
            case PostStates.Failed or PostStates.Invalid or PostStates.Blocked:
                Failed += by;
                break;
            default:
                Ready += by;
                break;
        }
    }
}
